using System.Net;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Address translation of IPv4 as the far ends see it, and that IPv6 has none.</summary>
[Trait("Category", "Slow")]
public sealed class TranslationPolicyTests : IDisposable
{
    private static readonly RuleMatch Outward = new() { SourceZones = [PolicyLab.LanZone], DestinationZones = [PolicyLab.WanZone] };

    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(Packet.TcpProtocol)]
    [InlineData(Packet.UdpProtocol)]
    [InlineData(Packet.Icmp)]
    public async Task Masquerade_gives_the_gateways_address_and_brings_the_answer_back(byte protocol)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("out", RuleAction.Accept, Outward), PolicyLab.Rule("hide", RuleAction.Masquerade, Outward)));
        var first = Of(protocol, _lab.Lan.Silent4, _lab.Wan.Silent4);

        var there = _lab.Send(_lab.Lan, first);
        var back = _lab.Send(_lab.Wan, AnswerTo(there));
        var again = _lab.Send(_lab.Lan, first with { Flags = protocol == Packet.TcpProtocol ? Packet.Ack : (byte)0 });

        Assert.Equal(("wan", _lab.Wan.Gateway4), (there.Place, there.Source));
        Assert.Equal(("lan", _lab.Wan.Silent4, first.Source), (back.Place, back.Source, back.Arrivals[0].Destination));
        Assert.Equal(_lab.Wan.Gateway4, again.Source);
        // A connection is translated once.
        Assert.Equal(1, _lab.ReadHits("hide"));
    }

    [Fact]
    public async Task Masquerade_touches_neither_other_ways_nor_IPv6_nor_what_comes_in()
    {
        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("hide", RuleAction.Masquerade, new RuleMatch { DestinationZones = [PolicyLab.WanZone], SourceZones = [PolicyLab.LanZone] })));

        var outcomes = _lab.Send(
        [
            ("lan", Packet.Udp(_lab.Lan.Silent6, _lab.Wan.Silent6, 80)),
            ("iot", Packet.Udp(_lab.Iot.Silent4, _lab.Wan.Silent4, 80)),
            ("lan", Packet.Udp(_lab.Lan.Silent4, _lab.Iot.Silent4, 80)),
            ("wan", Packet.Udp(_lab.Wan.Silent4, _lab.Lan.Silent4, 80)),
        ]);

        Assert.All(outcomes, outcome => Assert.Equal(outcome.Packet.Source, outcome.Source));
        Assert.Equal(0, _lab.ReadHits("hide"));
    }

    [Fact]
    public async Task Masquerade_alone_lets_nothing_through()
    {
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("hide", RuleAction.Masquerade, new RuleMatch { DestinationZones = [PolicyLab.WanZone] })));

        var outcome = _lab.Send(_lab.Lan, Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80));

        Assert.Equal(Fate.Dropped, outcome.Fate);
    }

    [Fact]
    public async Task Source_translation_gives_the_address_that_is_named_to_those_it_meets()
    {
        var named = IPAddress.Parse("45.71.2.77");
        await _lab.ApplyAsync(PolicyLab.Policy(
            RuleAction.Accept,
            PolicyLab.Rule("named", RuleAction.SourceNat, Outward with { SourceNetworks = [Range("10.71.1.10/31"), Range("fd71:1::/64")], Protocols = [Packet.UdpProtocol] }) with { TranslateTo = named },
            PolicyLab.Rule("rest", RuleAction.Masquerade, Outward, order: 1)));

        var outcomes = _lab.Send(
        [
            ("lan", Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80)),
            ("lan", Packet.Udp(_lab.Lan.Host4(12), _lab.Wan.Silent4, 80)),
            ("lan", Packet.Tcp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80)),
            ("lan", Packet.Udp(_lab.Lan.Silent6, _lab.Wan.Silent6, 80)),
        ]);
        var back = _lab.Send(_lab.Wan, AnswerTo(outcomes[0]));

        Assert.Equal([named, _lab.Wan.Gateway4, _lab.Wan.Gateway4, _lab.Lan.Silent6], outcomes.Select(outcome => outcome.Source));
        Assert.Equal(("lan", _lab.Lan.Silent4), (back.Place, back.Arrivals[0].Destination));
        Assert.Equal((1, 2), (_lab.ReadHits("named"), _lab.ReadHits("rest")));
    }

    [Theory]
    [InlineData(Packet.TcpProtocol, 80, 80)]
    [InlineData(Packet.UdpProtocol, 80, 80)]
    [InlineData(Packet.TcpProtocol, 0, 8080)]
    [InlineData(Packet.UdpProtocol, 0, 8080)]
    public async Task Port_is_forwarded_and_nothing_beside_it(byte protocol, int port, int arrives)
    {
        var server = _lab.Lan.Silent4;
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("web", RuleAction.Forward, new RuleMatch { SourceZones = [PolicyLab.WanZone], DestinationPorts = [new(8080, 8080)] }) with
        {
            ForwardTo = new IPEndPoint(server, port),
        }));
        var first = Of(protocol, _lab.Wan.Silent4, _lab.Wan.Gateway4) with { DestinationPort = 8080 };

        var there = _lab.Send(_lab.Wan, first);
        var back = _lab.Send(_lab.Lan, AnswerTo(there));
        var beside = _lab.Send(
        [
            ("wan", first with { DestinationPort = 8081, SourcePort = 2 }),
            ("wan", first with { Destination = server, SourcePort = 3 }),
            ("wan", first with { Destination = server, DestinationPort = (ushort)arrives, SourcePort = 4 }),
            ("wan", Packet.Tcp(_lab.Wan.Silent6, _lab.Wan.Gateway6, 8080)),
        ]);

        Assert.Equal(("lan", first.Source, server, arrives), (there.Place, there.Source, there.Arrivals[0].Destination, there.Arrivals[0].DestinationPort));
        Assert.Equal(("wan", _lab.Wan.Gateway4, 8080, first.Source), (back.Place, back.Source, back.Arrivals[0].SourcePort, back.Arrivals[0].Destination));
        Assert.All(beside, outcome => Assert.Equal(Fate.Dropped, outcome.Fate));
        Assert.Equal(1, _lab.ReadHits("web"));
    }

    [Fact]
    public async Task Forward_of_one_protocol_and_of_an_address_takes_no_other()
    {
        var server = _lab.Iot.Silent4;
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("cam", RuleAction.Forward, new RuleMatch
        {
            SourceZones = [PolicyLab.WanZone],
            SourceNetworks = [Range("9.0.0.0/8")],
            DestinationNetworks = [Range("45.71.2.1/32")],
            Protocols = [Packet.UdpProtocol],
            DestinationPorts = [new(8000, 8010)],
        }) with { ForwardTo = new IPEndPoint(server, 0) }));
        var (known, gateway) = (IPAddress.Parse("9.1.2.3"), _lab.Wan.Gateway4);

        var outcomes = _lab.Send(
        [
            ("wan", Packet.Udp(known, gateway, 8005)),
            ("wan", Packet.Tcp(known, gateway, 8005)),
            ("wan", Packet.Udp(_lab.Wan.Silent4, gateway, 8005)),
            ("wan", Packet.Udp(known, gateway, 8011)),
            ("wan", Packet.Udp(known, _lab.Lan.Gateway4, 8005)),
        ]);

        Assert.Equal(["iot", "", "", "", ""], outcomes.Select(outcome => outcome.Place));
        Assert.Equal((server, 8005), (outcomes[0].Arrivals[0].Destination, outcomes[0].Arrivals[0].DestinationPort));
    }

    [Fact]
    public async Task Server_in_the_same_network_is_reached_by_the_outer_address()
    {
        var server = _lab.Lan.Silent4;
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("web", RuleAction.Forward, new RuleMatch { SourceZones = [PolicyLab.WanZone], Protocols = [Packet.TcpProtocol], DestinationPorts = [new(8080, 8080)] }) with
        {
            ForwardTo = new IPEndPoint(server, 80),
        }));
        var first = Packet.Tcp(_lab.Lan.Host4(11), _lab.Wan.Gateway4, 8080);

        var there = _lab.Send(_lab.Lan, first);
        var back = _lab.Send(_lab.Lan, AnswerTo(there));
        var fromIot = _lab.Send(_lab.Iot, Packet.Tcp(_lab.Iot.Silent4, _lab.Wan.Gateway4, 8080));
        var inner = _lab.Send(_lab.Lan, Packet.Tcp(_lab.Lan.Host4(11), _lab.Lan.Gateway4, 8080, 40_001));

        Assert.Equal(("lan", _lab.Lan.Gateway4, server, 80), (there.Place, there.Source, there.Arrivals[0].Destination, there.Arrivals[0].DestinationPort));
        Assert.Equal(("lan", _lab.Wan.Gateway4, 8080, first.Source), (back.Place, back.Source, back.Arrivals[0].SourcePort, back.Arrivals[0].Destination));
        Assert.Equal(("lan", _lab.Iot.Silent4), (fromIot.Place, fromIot.Source));
        // By its inner address the gateway is asked itself.
        Assert.Equal(Fate.Dropped, inner.Fate);
    }

    [Fact]
    public async Task Real_connections_pass_out_in_and_round_the_corner()
    {
        using var outside = Conversation.Listen(_lab.Wan.Place, _lab.Wan.Address4, 443);
        using var inside = Conversation.Listen(_lab.Lan.Place, _lab.Lan.Address4, 80);
        await _lab.ApplyAsync(PolicyLab.Policy(
            PolicyLab.Rule("out", RuleAction.Accept, Outward),
            PolicyLab.Rule("hide", RuleAction.Masquerade, Outward),
            PolicyLab.Rule("web", RuleAction.Forward, new RuleMatch { SourceZones = [PolicyLab.WanZone], DestinationPorts = [new(8080, 8080)] }) with { ForwardTo = new IPEndPoint(_lab.Lan.Address4, 80) }));
        var called = new IPEndPoint(_lab.Wan.Gateway4, 8080);

        using var outward = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address4, outside);
        using var inward = Conversation.Begin(_lab.Wan.Place, _lab.Wan.Address4, inside, called);
        using var hairpin = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address4, inside, called);

        Assert.True(outward.Exchanges() && inward.Exchanges() && hairpin.Exchanges());
        Assert.Equal(_lab.Wan.Gateway4, outward.BeginnerAsSeen.Address);
        Assert.Equal(inward.Beginner, inward.BeginnerAsSeen);
        Assert.Equal(_lab.Lan.Gateway4, hairpin.BeginnerAsSeen.Address);
        Assert.False(Conversation.CanBegin(_lab.Wan.Place, _lab.Wan.Address4, inside.LocalEndPoint!));
    }

    private static Packet Of(byte protocol, IPAddress source, IPAddress destination) => protocol switch
    {
        Packet.TcpProtocol => Packet.Tcp(source, destination, 80),
        Packet.UdpProtocol => Packet.Udp(source, destination, 80),
        _ => Packet.Echo(source, destination),
    };

    /// <summary>What the far end sends back to the one whom it saw.</summary>
    private static Packet AnswerTo(Outcome there)
    {
        var seen = there.Arrivals[0];
        return (there.Packet with
        {
            Source = seen.Source,
            Destination = seen.Destination,
            SourcePort = there.Packet.IsIcmp ? there.Packet.SourcePort : seen.SourcePort,
            DestinationPort = seen.DestinationPort,
        }).Answer();
    }
}
