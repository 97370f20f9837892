using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>The checks that stand before all rules, whatever these accept.</summary>
[Trait("Category", "Slow")]
public sealed class GuardTests : IDisposable
{
    private readonly PolicyLab _lab = new();
    private int _port = 20_000;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false, "10.71.3.10,45.71.2.10,9.9.9.9,192.168.0.1")]
    [InlineData(true, "fd71:3::10,2a00:71:2::10,2620:fe::9,fd99::1")]
    public async Task Source_that_is_not_reached_by_its_cable_is_dropped(bool isIPv6, string spoofed)
    {
        await _lab.ApplyAsync(Guarded(new Protections { AntiSpoofing = true }));
        var sources = spoofed.Split(',').Select(IPAddress.Parse).ToList();

        var refused = _lab.Send([.. sources.SelectMany(source => new[] { Udp("lan", source, _lab.Wan.Silent(isIPv6)), Udp("lan", source, _lab.Lan.Gateway(isIPv6)) })]);
        var passed = _lab.Send(
        [
            Udp("lan", _lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6)),
            Udp("wan", sources[^1], _lab.Lan.Silent(isIPv6)),
            Udp("iot", _lab.Iot.Silent(isIPv6), _lab.Lan.Silent(isIPv6)),
            Udp(PolicyLab.Gateway, _lab.Lan.Gateway(isIPv6), _lab.Lan.Silent(isIPv6)),
        ]);

        Assert.All(refused, outcome => Assert.Equal(Fate.Dropped, outcome.Fate));
        Assert.All(passed, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        Assert.Equal(refused.Count, _lab.ReadCounters()["spoofed_drops"]);
        Assert.Equal(3, _lab.ReadHits("all"));
    }

    [Theory]
    [InlineData(false, "10.0.0.1,172.16.0.1,192.168.1.1,100.64.0.1,169.254.1.1,192.0.2.1,198.18.0.1,198.51.100.1,203.0.113.1,240.0.0.1,0.0.0.1")]
    [InlineData(true, "fc00::1,fd71:1::99,2001:db8::1,100::1")]
    public async Task Source_that_the_internet_cannot_have_is_dropped_there_alone(bool isIPv6, string bogons)
    {
        await _lab.ApplyAsync(Guarded(new Protections { DropBogons = true }));
        var sources = bogons.Split(',').Select(IPAddress.Parse).ToList();

        var refused = _lab.Send([.. sources.Select(source => Udp("wan", source, _lab.Lan.Silent(isIPv6))), .. sources.Select(source => Tcp("wan", source, _lab.Wan.Gateway(isIPv6)))]);
        var passed = _lab.Send([Udp("wan", _lab.Wan.Silent(isIPv6), _lab.Lan.Silent(isIPv6)), Udp("iot", _lab.Iot.Silent(isIPv6), _lab.Lan.Silent(isIPv6)), Udp("lan", sources[0], _lab.Wan.Silent(isIPv6))]);

        Assert.All(refused, outcome => Assert.Equal(Fate.Dropped, outcome.Fate));
        Assert.All(passed, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        // The kernel itself takes no packet from 240.0.0.0/4 or 0.0.0.0/8 any further, behind the counter.
        Assert.Equal(refused.Count, _lab.ReadCounters()["bogon_drops"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bogon_is_dropped_though_a_rule_lets_in_what_belongs_to_no_connection(bool isIPv6)
    {
        await _lab.ApplyAsync(Guarded(new Protections { DropBogons = true }, PolicyLab.Rule("odd", RuleAction.Accept, new RuleMatch { States = [ConnectionState.Invalid] })));
        var bogon = IPAddress.Parse(isIPv6 ? "fd99::1" : "192.168.7.7");

        var outcomes = _lab.Send(
        [
            ("wan", Packet.Tcp(bogon, _lab.Lan.Silent(isIPv6), 80, ++_port, flags: 0)),
            ("wan", Packet.Tcp(_lab.Wan.Silent(isIPv6), _lab.Lan.Silent(isIPv6), 80, ++_port, flags: 0)),
        ]);

        Assert.Equal([Fate.Dropped, Fate.Passed], outcomes.Select(outcome => outcome.Fate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Station_without_an_address_may_ask_for_one(bool isIPv6)
    {
        await _lab.ApplyAsync(Guarded(new Protections { AntiSpoofing = true, DropBogons = true }));
        var linkLocal = IPAddress.Parse("fe80::99");

        var outcomes = isIPv6
            ? _lab.Send(
            [
                ("lan", Packet.Message(linkLocal, _lab.Lan.Gateway6, 135) with { HopLimit = 255 }),
                ("wan", Packet.Message(linkLocal, _lab.Wan.Gateway6, 134) with { HopLimit = 255 }),
                ("lan", Packet.Udp(linkLocal, _lab.Lan.Gateway6, 547, 546)),
            ])
            : _lab.Send([("lan", Packet.Udp(IPAddress.Any, IPAddress.Broadcast, 67, 68))]);

        Assert.All(outcomes, outcome => Assert.Equal(PolicyLab.Gateway, outcome.Place));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Source_that_begins_too_many_connections_is_slowed_and_no_other(bool isIPv6)
    {
        const int perSecond = 10;
        await _lab.ApplyAsync(Guarded(new Protections { NewTcpPerSecond = perSecond }));
        var start = TimeProvider.System.GetTimestamp();

        var flood = _lab.Send([.. Enumerable.Range(0, 200).Select(_ => Tcp("wan", _lab.Wan.Silent(isIPv6), _lab.Lan.Silent(isIPv6)))]);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var others = _lab.Send([Tcp("wan", _lab.Wan.Silent(isIPv6, 1), _lab.Lan.Silent(isIPv6)), Udp("wan", _lab.Wan.Silent(isIPv6), _lab.Lan.Silent(isIPv6)), Tcp("iot", _lab.Iot.Silent(isIPv6), _lab.Lan.Silent(isIPv6))]);

        var passed = flood.Count(outcome => outcome.Fate == Fate.Passed);
        Assert.InRange(passed, 1, perSecond + (perSecond * seconds) + 1);
        Assert.All(flood.Where(outcome => outcome.Fate != Fate.Passed), outcome => Assert.Equal(Fate.Dropped, outcome.Fate));
        Assert.Equal(flood.Count - passed, _lab.ReadCounters()["new_tcp_drops"]);
        Assert.All(others, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
    }

    [Fact]
    public async Task Station_holds_so_many_connections_and_no_more()
    {
        const int most = 5;
        await _lab.ApplyAsync(Guarded(new Protections { ConnectionsPerDevice = most }));
        var (station, other) = (new MacAddress(0x02_00_5e_00_00_01), new MacAddress(0x02_00_5e_00_00_02));

        // Of both families and two addresses: they are one station's.
        var crowd = _lab.Send([.. Enumerable.Range(0, 10).Select(index => From(station, Udp("lan", _lab.Lan.Silent((index & 1) == 1, index / 2), _lab.Wan.Silent((index & 1) == 1))))]);
        var neighbors = _lab.Send([From(other, Udp("lan", _lab.Lan.Silent4, _lab.Wan.Silent4)), Udp("wan", _lab.Wan.Silent4, _lab.Lan.Silent4)]);
        ConntrackTool.Run(_lab.Router, "-F");
        var again = _lab.Send([From(station, Udp("lan", _lab.Lan.Silent4, _lab.Wan.Silent4))]);

        Assert.Equal([.. Enumerable.Repeat(Fate.Passed, most), .. Enumerable.Repeat(Fate.Dropped, 10 - most)], crowd.Select(outcome => outcome.Fate));
        Assert.All(neighbors.Concat(again), outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        Assert.Equal(10 - most, _lab.ReadCounters()["crowded_drops"]);
    }

    private static FirewallPolicy Guarded(Protections protections, params PolicyRule[] rules) =>
        PolicyLab.Policy(RuleAction.Accept, [PolicyLab.Rule("all", RuleAction.Accept), .. rules]) with { Protections = protections };

    private static (string From, Packet Packet) From(MacAddress station, (string From, Packet Packet) sent) => sent with { Packet = sent.Packet with { Station = station } };

    private (string From, Packet Packet) Udp(string from, IPAddress source, IPAddress destination) => (from, Packet.Udp(source, destination, 8000, ++_port));

    private (string From, Packet Packet) Tcp(string from, IPAddress source, IPAddress destination) => (from, Packet.Tcp(source, destination, 8000, ++_port));
}
