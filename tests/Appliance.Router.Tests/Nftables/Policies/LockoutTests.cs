using System.Net;
using System.Net.NetworkInformation;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What no rule can shut: the way to manage the gateway, its services, and what addresses live by.</summary>
[Trait("Category", "Slow")]
public sealed class LockoutTests : IDisposable
{
    private static readonly FirewallPolicy Shut = PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("no", RuleAction.Drop, order: -1000), PolicyLab.Rule("never", RuleAction.Reject, new RuleMatch { States = [ConnectionState.New] }));

    private readonly PolicyLab _lab = new();
    private int _port = 20_000;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Management_ports_are_open_to_the_zone_for_management_and_to_no_other(bool isIPv6)
    {
        _lab.Hush();
        await _lab.ApplyAsync(Shut);
        int[] ports = [7443, 7444, 7445, 7446, 7450, 8443];

        var (managers, others) = (Knock(_lab.Lan, ports), Knock(_lab.Iot, ports).Concat(Knock(_lab.Wan, ports)));
        var near = Knock(_lab.Lan, 22, 7442, 7447, 7449, 7451, 8442, 8444);
        var udp = _lab.Send(_lab.Lan, Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Lan.Gateway(isIPv6), 7443, ++_port));

        Assert.All(managers, fate => Assert.Equal(Fate.Passed, fate));
        Assert.All(others.Concat(near).Append(udp.Fate), fate => Assert.Equal(Fate.Dropped, fate));

        IEnumerable<Fate> Knock(Station from, params int[] knocked) =>
            _lab.Send([.. knocked.Select(port => (from.Cable, Packet.Tcp(from.Silent(isIPv6), from.Gateway(isIPv6), port, ++_port)))]).Select(outcome => outcome.Fate);
    }

    [Fact]
    public async Task Answers_of_management_leave_though_nothing_may()
    {
        using var listener = Conversation.Listen(_lab.Router, _lab.Lan.Gateway4, 7443);
        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("silence", RuleAction.Drop, new RuleMatch { SourceZones = [Zone.Gateway] }), PolicyLab.Rule("no", RuleAction.Drop)));

        using var talk = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address4, listener);

        Assert.True(talk.Exchanges());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Served_zones_have_addresses_names_and_the_time(bool isIPv6)
    {
        _lab.Hush();
        await _lab.ApplyAsync(Shut);

        var fates = new[] { _lab.Lan, _lab.Iot, _lab.Wan }.Select(from => _lab.Send(
        [
            (from.Cable, Packet.Udp(from.Silent(isIPv6), from.Gateway(isIPv6), 53, ++_port)),
            (from.Cable, Packet.Tcp(from.Silent(isIPv6), from.Gateway(isIPv6), 53, ++_port)),
            (from.Cable, Packet.Udp(from.Silent(isIPv6), from.Gateway(isIPv6), 123, ++_port)),
            (from.Cable, Packet.Udp(from.Silent(isIPv6), from.Gateway(isIPv6), isIPv6 ? 547 : 67, isIPv6 ? 546 : 68)),
        ]).Select(outcome => outcome.Fate).Distinct().ToArray());

        Assert.Equal([[Fate.Passed], [Fate.Passed], [Fate.Dropped]], fates);
    }

    [Fact]
    public async Task Address_of_the_way_to_the_internet_can_be_leased()
    {
        _lab.Hush();
        await _lab.ApplyAsync(Shut);
        var linkLocal = IPAddress.Parse("fe80::77");

        var outcomes = _lab.Send(
        [
            ("wan", Packet.Udp(_lab.Wan.Silent4, _lab.Wan.Gateway4, 68, 67)),
            ("wan", Packet.Udp(linkLocal, _lab.Wan.Gateway6, 546, 547)),
            ("wan", Packet.Udp(_lab.Wan.Silent4, _lab.Wan.Gateway4, 68, 53)),
            ("iot", Packet.Udp(_lab.Iot.Silent4, _lab.Iot.Gateway4, 68, 67)),
            ("iot", Packet.Udp(linkLocal, _lab.Iot.Gateway6, 546, 547)),
        ]);

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Dropped], outcomes.Select(outcome => outcome.Fate));
    }

    [Fact]
    public async Task Neighbors_are_found_again_after_they_were_forgotten()
    {
        await _lab.ApplyAsync(Shut with { Protections = new Protections { AntiSpoofing = true, DropBogons = true } });

        foreach (var station in _lab.Stations)
        {
            foreach (var isIPv6 in new[] { false, true })
            {
                Assert.Equal(IPStatus.Success, Ping(station, station.Gateway(isIPv6)));
                Forget(station);

                Assert.Equal(IPStatus.Success, Ping(station, station.Gateway(isIPv6)));
            }
        }
    }

    [Theory]
    [InlineData(133, true)]
    [InlineData(134, true)]
    [InlineData(135, true)]
    [InlineData(136, true)]
    [InlineData(133, false)]
    [InlineData(134, false)]
    [InlineData(137, false)]
    public async Task Neighbor_Discovery_is_let_in_from_the_link_alone(byte type, bool isOfLink)
    {
        _lab.Hush();
        await _lab.ApplyAsync(Shut with { Protections = new Protections { AntiSpoofing = true, DropBogons = true } });

        var outcomes = _lab.Send([.. _lab.Stations.Select(station =>
            (station.Cable, Packet.Message(IPAddress.Parse("fe80::77"), station.Gateway6, type) with { HopLimit = (byte)(isOfLink || type == 137 ? 255 : 254) }))]);

        Assert.All(outcomes, outcome => Assert.Equal(isOfLink ? Fate.Passed : Fate.Dropped, outcome.Fate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Error_about_a_packet_of_the_gateway_comes_in(bool isIPv6)
    {
        _lab.Hush();
        await _lab.ApplyAsync(Shut with { Defaults = [] });
        var asked = Packet.Udp(_lab.Wan.Gateway(isIPv6), _lab.Wan.Silent(isIPv6), 53);
        _lab.Send([(PolicyLab.Gateway, asked)]);

        var outcomes = _lab.Send(
        [
            ("wan", Packet.Error(_lab.Wan.Silent(isIPv6, 1), asked)),
            ("wan", Packet.Error(_lab.Wan.Silent(isIPv6, 1), asked with { SourcePort = 50_000 })),
        ]);

        Assert.Equal([Fate.Passed, Fate.Dropped], outcomes.Select(outcome => outcome.Fate));
    }

    private static IPStatus Ping(Station from, IPAddress to) => from.Place.Inside.Run(() =>
    {
        using var ping = new Ping();
        return ping.Send(to, 10_000).Status;
    });

    private void Forget(Station station)
    {
        station.Place.Ip("neighbor", "flush", "dev", "eth0");
        _lab.Router.Ip("neighbor", "flush", "dev", station.Cable);
    }
}
