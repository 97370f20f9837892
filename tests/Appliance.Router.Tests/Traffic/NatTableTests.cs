using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Traffic;

public sealed class NatTableTests
{
    private const int Capacity = 16;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly NatTable _table;

    public NatTableTests() => _table = new NatTable(Options.Create(new TrafficOptions { Translations = Capacity }), _clock);

    [Fact]
    public void Both_sides_of_a_masquerade_are_found_either_way_round()
    {
        _table.Begin(Masquerade(1, 4000, 50_000));
        var (inside, outside) = (Key("10.0.0.2", 4000, "192.0.2.8", 443), Key("198.51.100.1", 50_000, "192.0.2.8", 443));

        Assert.Equal(outside, Find(inside));
        Assert.Equal(inside, Find(outside));
        Assert.Equal(Turn(outside), Find(Turn(inside)));
        Assert.Equal(Turn(inside), Find(Turn(outside)));
    }

    [Fact]
    public void Hairpin_changes_both_ends()
    {
        var (seen, forwarded) = (Key("10.0.0.2", 4000, "198.51.100.1", 8080), Key("10.0.0.1", 4000, "10.0.0.9", 80));
        _table.Begin(Make(1, seen, Turn(forwarded)));

        Assert.Equal(forwarded, Find(seen));
        Assert.Equal(seen, Find(forwarded));
    }

    [Fact]
    public void Echo_of_any_id_keeps_its_type()
    {
        var ping = new FlowKey(Address("10.0.0.2"), Address("192.0.2.8"), 8, 0, IPProtocol.Icmp);
        _table.Begin(Make(1, ping, new FlowKey(Address("192.0.2.8"), Address("198.51.100.1"), 0, 0, IPProtocol.Icmp)));

        Assert.Equal(ping with { Source = Address("198.51.100.1") }, Find(ping));
    }

    [Fact]
    public void Connection_that_nobody_translates_takes_no_room()
    {
        _table.Begin(Plain(1, 4000));

        Assert.Equal(0, _table.Count);
        Assert.Null(Find(Key("10.0.0.2", 4000, "192.0.2.8", 443)));
    }

    [Fact]
    public void Ended_connection_is_found_for_some_minutes_more()
    {
        var inside = Key("10.0.0.2", 4000, "192.0.2.8", 443);
        _table.Begin(Masquerade(1, 4000, 50_000));
        _table.End(Masquerade(1, 4000, 50_000));

        _clock.Advance(TimeSpan.FromMinutes(2));
        var soon = Find(inside);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var later = Find(inside);

        Assert.Equal(Key("198.51.100.1", 50_000, "192.0.2.8", 443), soon);
        Assert.Null(later);
    }

    [Fact]
    public void Ends_that_are_used_again_belong_to_the_new_connection()
    {
        _table.Begin(Masquerade(1, 4000, 50_000));
        _table.Begin(Masquerade(2, 4000, 50_001));
        _table.End(Masquerade(1, 4000, 50_000));

        Assert.Equal(1, _table.Count);
        Assert.Equal(Key("198.51.100.1", 50_001, "192.0.2.8", 443), Find(Key("10.0.0.2", 4000, "192.0.2.8", 443)));
        Assert.Null(Find(Key("198.51.100.1", 50_000, "192.0.2.8", 443)));
    }

    [Fact]
    public void Ends_that_nobody_translates_any_more_are_forgotten()
    {
        _table.Begin(Masquerade(1, 4000, 50_000));
        _table.Begin(Plain(2, 4000));

        Assert.Equal(0, _table.Count);
        Assert.Null(Find(Key("10.0.0.2", 4000, "192.0.2.8", 443)));
    }

    [Fact]
    public void Flow_that_was_over_before_is_another_one()
    {
        _table.Begin(Masquerade(1, 4000, 50_000));

        var isFound = _table.TryFind(Key("10.0.0.2", 4000, "192.0.2.8", 443), _clock.GetUtcNow().AddSeconds(-5), out _);

        Assert.False(isFound);
    }

    [Fact]
    public void Full_table_forgets_what_has_ended_first_and_then_the_oldest()
    {
        foreach (var number in Enumerable.Range(0, Capacity))
        {
            _table.Begin(Masquerade((uint)number, 4000 + number, 50_000 + number));
        }

        _table.End(Masquerade(7, 4007, 50_007));
        _table.Begin(Masquerade(100, 4100, 50_100));
        _table.Begin(Masquerade(101, 4101, 50_101));

        var gone = Enumerable.Range(4000, 102).Where(port => port is < 4000 + Capacity or > 4099 && Find(Key("10.0.0.2", port, "192.0.2.8", 443)) is null);
        Assert.Equal([4000, 4007], gone);
        Assert.Equal((Capacity, 2L), (_table.Count, _table.EvictedCount));
    }

    [Fact]
    public void Whole_reading_adds_what_was_missed_and_ends_what_is_gone()
    {
        _table.Begin(Masquerade(1, 4001, 50_001));
        _table.Begin(Masquerade(2, 4002, 50_002));

        _table.BeginRound();
        _table.Take(Masquerade(2, 4002, 50_002));
        _table.Take(Masquerade(3, 4003, 50_003));
        _table.EndRound();
        _clock.Advance(TimeSpan.FromMinutes(4));

        Assert.Null(Find(Key("10.0.0.2", 4001, "192.0.2.8", 443)));
        Assert.NotNull(Find(Key("10.0.0.2", 4002, "192.0.2.8", 443)));
        Assert.True(_table.TryFind(Key("10.0.0.2", 4003, "192.0.2.8", 443), DateTimeOffset.UnixEpoch, out _));
    }

    private static Connection Masquerade(uint id, int port, int outerPort) =>
        Make(id, Key("10.0.0.2", port, "192.0.2.8", 443), Key("192.0.2.8", 443, "198.51.100.1", outerPort));

    private static Connection Plain(uint id, int port) => Make(id, Key("10.0.0.2", port, "192.0.2.8", 443), Key("192.0.2.8", 443, "10.0.0.2", port));

    private static Connection Make(uint id, FlowKey original, FlowKey reply) => new() { Id = id, Original = new(original, 0), Reply = new(reply, 0), State = "ESTABLISHED" };

    private static FlowKey Key(string source, int sourcePort, string destination, int destinationPort) =>
        new(Address(source), Address(destination), (ushort)sourcePort, (ushort)destinationPort, IPProtocol.Tcp);

    private static FlowKey Turn(FlowKey key) => new(key.Destination, key.Source, key.DestinationPort, key.SourcePort, key.Protocol);

    private static UInt128 Address(string text) => IPAddresses.FromBytes(IPAddress.Parse(text).GetAddressBytes());

    private FlowKey? Find(FlowKey key) => _table.TryFind(key, _clock.GetUtcNow(), out var other) ? other : null;
}
