using Appliance.Router.Decoding;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Each kind of match, as a rule that lets through and as one that drops or refuses: what it meets, what it does not, and how often it counts.</summary>
[Trait("Category", "Slow")]
public sealed class MatchTests : IDisposable
{
    private static readonly MacAddress Camera = new(0x02_00_5e_00_00_77);

    private readonly PolicyLab _lab = new();
    private int _port = 20_000;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public Task Source_zones() => AssertBothAsync(
        new RuleMatch { SourceZones = [PolicyLab.LanZone, PolicyLab.WanZone] },
        isIPv6 => [LanToWan(isIPv6), Tcp(_lab.Wan, _lab.Iot, isIPv6), ToGateway(_lab.Lan, isIPv6), ToGateway(_lab.Wan, isIPv6)],
        isIPv6 => [Tcp(_lab.Iot, _lab.Wan, isIPv6), ToGateway(_lab.Iot, isIPv6), FromGateway(_lab.Lan, isIPv6)]);

    [Fact]
    public Task Destination_zones() => AssertBothAsync(
        new RuleMatch { DestinationZones = [PolicyLab.WanZone, PolicyLab.IotZone] },
        isIPv6 => [LanToWan(isIPv6), Tcp(_lab.Wan, _lab.Iot, isIPv6)],
        isIPv6 => [Tcp(_lab.Iot, _lab.Lan, isIPv6), ToGateway(_lab.Lan, isIPv6), FromGateway(_lab.Wan, isIPv6)]);

    [Fact]
    public Task Gateway_as_destination() => AssertBothAsync(
        new RuleMatch { SourceZones = [PolicyLab.LanZone], DestinationZones = [Zone.Gateway] },
        isIPv6 => [ToGateway(_lab.Lan, isIPv6)],
        isIPv6 => [LanToWan(isIPv6), ToGateway(_lab.Iot, isIPv6), FromGateway(_lab.Lan, isIPv6)]);

    [Fact]
    public Task Gateway_among_destinations() => AssertBothAsync(
        new RuleMatch { DestinationZones = [Zone.Gateway, PolicyLab.WanZone] },
        isIPv6 => [ToGateway(_lab.Lan, isIPv6), LanToWan(isIPv6)],
        isIPv6 => [Tcp(_lab.Lan, _lab.Iot, isIPv6), FromGateway(_lab.Wan, isIPv6)]);

    [Fact]
    public Task Gateway_as_source() => AssertBothAsync(
        new RuleMatch { SourceZones = [Zone.Gateway], DestinationZones = [PolicyLab.WanZone] },
        isIPv6 => [FromGateway(_lab.Wan, isIPv6)],
        isIPv6 => [LanToWan(isIPv6), FromGateway(_lab.Iot, isIPv6), ToGateway(_lab.Wan, isIPv6)]);

    [Fact]
    public Task Gateway_among_sources() => AssertBothAsync(
        new RuleMatch { SourceZones = [Zone.Gateway, PolicyLab.IotZone] },
        isIPv6 => [FromGateway(_lab.Wan, isIPv6), FromGateway(_lab.Lan, isIPv6), Tcp(_lab.Iot, _lab.Lan, isIPv6), ToGateway(_lab.Iot, isIPv6)],
        isIPv6 => [LanToWan(isIPv6), ToGateway(_lab.Wan, isIPv6)]);

    [Fact]
    public Task Source_networks_within_one_another() => AssertBothAsync(
        new RuleMatch { SourceNetworks = [Range("10.71.1.10/31"), Range("10.71.1.10"), Range("45.71.2.0/24"), Range("fd71:1::10/127"), Range("fd71:1::11"), Range("2a00:71:2::/48")] },
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6), Tcp(_lab.Lan, _lab.Iot, isIPv6, index: 1), Tcp(_lab.Wan, _lab.Iot, isIPv6, index: 5)],
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6, index: 2), Tcp(_lab.Iot, _lab.Lan, isIPv6)]);

    [Fact]
    public Task Destination_networks() => AssertBothAsync(
        new RuleMatch { DestinationNetworks = [Range("45.71.2.11"), Range("fd71:3::11"), Range("2a00:71:2::11/128"), Range("10.71.3.0/24")] },
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6), Tcp(_lab.Wan, _lab.Iot, isIPv6)],
        isIPv6 => [Tcp(_lab.Iot, _lab.Lan, isIPv6), ToGateway(_lab.Wan, isIPv6)]);

    [Fact]
    public Task Networks_of_one_family_meet_none_of_the_other() => AssertAsync(
        new RuleMatch { SourceNetworks = [Range("0.0.0.0/0")] },
        [LanToWan(isIPv6: false), ToGateway(_lab.Iot, isIPv6: false)],
        [LanToWan(isIPv6: true), ToGateway(_lab.Iot, isIPv6: true)]);

    [Fact]
    public Task Networks_of_different_families_meet_nothing() => AssertAsync(
        new RuleMatch { SourceNetworks = [Range("0.0.0.0/0")], DestinationNetworks = [Range("::/0")] },
        [],
        [LanToWan(isIPv6: false), LanToWan(isIPv6: true)]);

    [Fact]
    public Task Devices() => AssertBothAsync(
        new RuleMatch { SourceDevices = [Camera, new MacAddress(1)] },
        isIPv6 => [LanToWan(isIPv6, Camera), ToGateway(_lab.Lan, isIPv6, Camera)],
        isIPv6 => [LanToWan(isIPv6), ToGateway(_lab.Lan, isIPv6), FromGateway(_lab.Lan, isIPv6)]);

    [Fact]
    public Task Address_sets() => AssertBothAsync(
        new RuleMatch { SourceFeeds = ["near", "absent"], DestinationFeeds = ["far", "near"] },
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6), Tcp(_lab.Lan, _lab.Iot, isIPv6, index: 1)],
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6, index: 2), Tcp(_lab.Iot, _lab.Wan, isIPv6), ToGateway(_lab.Lan, isIPv6)]);

    [Fact]
    public Task Network_and_address_set_have_both_to_meet() => AssertBothAsync(
        new RuleMatch { SourceFeeds = ["near"], SourceNetworks = [Range("10.71.1.11"), Range("10.71.1.14"), Range("fd71:1::11"), Range("fd71:1::14")] },
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6, index: 1)],
        isIPv6 => [Tcp(_lab.Lan, _lab.Wan, isIPv6), Tcp(_lab.Lan, _lab.Wan, isIPv6, index: 4)]);

    [Fact]
    public Task Address_set_that_was_never_filled_meets_nothing() => AssertBothAsync(
        new RuleMatch { DestinationFeeds = ["absent"] },
        isIPv6 => [],
        isIPv6 => [LanToWan(isIPv6), ToGateway(_lab.Lan, isIPv6)]);

    [Fact]
    public Task Protocols() => AssertBothAsync(
        new RuleMatch { Protocols = [Packet.UdpProtocol, Packet.Experiment] },
        isIPv6 => [LanToWan(isIPv6, protocol: Packet.UdpProtocol), LanToWan(isIPv6, protocol: Packet.Experiment)],
        isIPv6 => [LanToWan(isIPv6), LanToWan(isIPv6, protocol: isIPv6 ? Packet.IcmpV6 : Packet.Icmp)]);

    [Fact]
    public Task Destination_ports_and_ranges_that_overlap() => AssertBothAsync(
        new RuleMatch { DestinationPorts = [new(80, 80), new(1000, 2000), new(1500, 2500)] },
        isIPv6 => [.. new[] { 80, 1000, 1700, 2000, 2500 }.SelectMany(port => Both(isIPv6, port))],
        isIPv6 => [.. new[] { 79, 81, 999, 2501 }.SelectMany(port => Both(isIPv6, port)), LanToWan(isIPv6, protocol: Packet.Experiment)]);

    [Fact]
    public Task Ports_of_one_protocol() => AssertBothAsync(
        new RuleMatch { Protocols = [Packet.UdpProtocol, Packet.Icmp, Packet.IcmpV6], DestinationPorts = [new(80, 80)] },
        isIPv6 => [Both(isIPv6, 80)[1]],
        isIPv6 => [Both(isIPv6, 80)[0], Both(isIPv6, 81)[1], LanToWan(isIPv6, protocol: isIPv6 ? Packet.IcmpV6 : Packet.Icmp)]);

    [Fact]
    public Task Source_and_destination_ports() => AssertBothAsync(
        new RuleMatch { SourcePorts = [new(68, 68), new(50_000, 50_010)], DestinationPorts = [new(67, 67)] },
        isIPv6 => [WithPorts(68, 67, isIPv6), WithPorts(50_010, 67, isIPv6)],
        isIPv6 => [WithPorts(69, 67, isIPv6), WithPorts(50_011, 67, isIPv6), WithPorts(50_000, 68, isIPv6)]);

    [Fact]
    public Task Types_of_ICMP() => AssertAsync(
        new RuleMatch { IcmpTypes = [13, 128] },
        [Message(13, isIPv6: false), Message(128, isIPv6: true)],
        [Message(8, isIPv6: false), LanToWan(isIPv6: false), LanToWan(isIPv6: true)]);

    [Fact]
    public Task Types_of_ICMP_by_its_protocol() => AssertAsync(
        new RuleMatch { IcmpTypes = [8, 128], Protocols = [Packet.Icmp] },
        [Message(8, isIPv6: false)],
        [Message(13, isIPv6: false), Message(128, isIPv6: true)]);

    [Fact]
    public Task All_that_is_set_has_to_hold() => AssertBothAsync(
        new RuleMatch
        {
            SourceZones = [PolicyLab.LanZone],
            DestinationZones = [PolicyLab.WanZone],
            SourceDevices = [Camera],
            DestinationNetworks = [Range("45.71.2.11"), Range("2a00:71:2::11")],
            Protocols = [Packet.TcpProtocol],
            DestinationPorts = [new(8000, 8000)],
            States = [ConnectionState.New],
        },
        isIPv6 => [LanToWan(isIPv6, Camera)],
        isIPv6 => [
            LanToWan(isIPv6),
            LanToWan(isIPv6, Camera, Packet.UdpProtocol),
            LanToWan(isIPv6, Camera) with { Packet = Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6, 2), 8000, ++_port) with { Station = Camera } },
            LanToWan(isIPv6, Camera) with { Packet = Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6, 1), 8001, ++_port) with { Station = Camera } },
            Tcp(_lab.Lan, _lab.Iot, isIPv6, station: Camera),
            Tcp(_lab.Iot, _lab.Wan, isIPv6, station: Camera),
        ]);

    private Task AssertBothAsync(RuleMatch match, Func<bool, Sent[]> met, Func<bool, Sent[]> notMet) =>
        AssertAsync(match, [.. met(false), .. met(true)], [.. notMet(false), .. notMet(true)]);

    /// <summary>Tries a match as what lets through what all else would not, and the other way round.</summary>
    private async Task AssertAsync(RuleMatch match, Sent[] met, Sent[] notMet)
    {
        _lab.Hush();
        foreach (var (action, otherwise) in new[] { (RuleAction.Accept, RuleAction.Drop), (RuleAction.Drop, RuleAction.Accept), (RuleAction.Reject, RuleAction.Accept) })
        {
            await _lab.ApplyAsync(PolicyLab.State(PolicyLab.Policy(otherwise, PolicyLab.Rule("tried", action, match))) with
            {
                AddressSets =
                [
                    new AddressSet("near", [Range("10.71.1.10/31"), Range("10.71.3.11"), Range("fd71:1::10/127"), Range("fd71:3::11")]),
                    new AddressSet("far", [Range("45.71.0.0/16"), Range("2a00:71::/32")]),
                ],
            });

            var outcomes = _lab.Send([.. met.Concat(notMet).Select(sent => (sent.From, sent.Packet))]);

            Assert.Equal(met.Select(sent => (sent, FateOf(sent, action))).Concat(notMet.Select(sent => (sent, FateOf(sent, otherwise)))), met.Concat(notMet).Zip(outcomes.Select(outcome => outcome.Fate)));
            Assert.Equal(met.Length, _lab.ReadHits("tried"));
        }
    }

    // Refusals need a sum that the kernel can check, which the experimental protocol has none of.
    private static Fate FateOf(Sent sent, RuleAction action) => action switch
    {
        RuleAction.Accept => Fate.Passed,
        RuleAction.Reject when sent.Packet.Protocol != Packet.Experiment => Fate.Refused,
        _ => Fate.Dropped,
    };

    private Sent LanToWan(bool isIPv6, MacAddress? station = null, byte protocol = Packet.TcpProtocol)
    {
        var (source, destination) = (_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6, 1));
        return new("lan", (protocol switch
        {
            Packet.TcpProtocol => Packet.Tcp(source, destination, 8000, ++_port),
            Packet.UdpProtocol => Packet.Udp(source, destination, 8000, ++_port),
            Packet.Icmp or Packet.IcmpV6 => Packet.Echo(source, destination, ++_port),
            _ => new Packet(source, destination, protocol),
        }) with { Station = station });
    }

    private Sent Tcp(Station from, Station to, bool isIPv6, int index = 0, MacAddress? station = null) =>
        new(from.Cable, Packet.Tcp(from.Silent(isIPv6, index), to.Silent(isIPv6, 1), 8000, ++_port) with { Station = station });

    private Sent ToGateway(Station from, bool isIPv6, MacAddress? station = null) =>
        new(from.Cable, Packet.Udp(from.Silent(isIPv6), from.Gateway(isIPv6), 8000, ++_port) with { Station = station });

    private Sent FromGateway(Station to, bool isIPv6) => new(PolicyLab.Gateway, Packet.Udp(to.Gateway(isIPv6), to.Silent(isIPv6), 8000, ++_port));

    private Sent Message(byte type, bool isIPv6) => new("lan", Packet.Message(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), type, 0, ++_port));

    private Sent WithPorts(int from, int to, bool isIPv6) => new("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), to, from));

    private Sent[] Both(bool isIPv6, int port)
    {
        var (source, destination) = (_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6));
        return [new("lan", Packet.Tcp(source, destination, port, ++_port)), new("lan", Packet.Udp(source, destination, port, ++_port))];
    }

    private sealed record Sent(string From, Packet Packet);
}
