using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Connections that stand, what is related to them, and what belongs to none.</summary>
public sealed class StateTests : IDisposable
{
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_stands_goes_on_when_nothing_new_may_begin(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("no", RuleAction.Drop)));

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Dropped], Fates(isIPv6));
        Assert.Equal(1, _lab.ReadHits("no"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rule_on_established_ones_stops_them_both_ways(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("standing", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Established] })));

        Assert.Equal([Fate.Dropped, Fate.Dropped, Fate.Dropped, Fate.Dropped, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped], Fates(isIPv6));
        Assert.Equal(4, _lab.ReadHits("standing"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rule_on_related_ones_stops_an_ICMP_error(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("errors", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Related] })));

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Passed, Fate.Dropped, Fate.Dropped], Fates(isIPv6));
        Assert.Equal(1, _lab.ReadHits("errors"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_belongs_to_no_connection_is_dropped_whatever_is_accepted(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("all", RuleAction.Accept)));

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped], Fates(isIPv6));
        Assert.Equal((1, 2), (_lab.ReadHits("all"), _lab.ReadCounters()["invalid_drops"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rule_on_invalid_ones_comes_before_that(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("odd", RuleAction.Accept, new RuleMatch { States = [ConnectionState.Invalid], DestinationZones = [PolicyLab.WanZone] })));

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Passed, Fate.Dropped], Fates(isIPv6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rule_on_new_ones_meets_no_other(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("begun", RuleAction.Accept, new RuleMatch { States = [ConnectionState.New] })));

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped], Fates(isIPv6));
        Assert.Equal(1, _lab.ReadHits("begun"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rules_before_and_behind_established_keep_their_order_among_themselves(bool isIPv6)
    {
        await BeginAsync(isIPv6);

        await _lab.ApplyAsync(PolicyLab.Policy(
            RuleAction.Drop,
            PolicyLab.Rule("all", RuleAction.Accept, order: 1),
            PolicyLab.Rule("late", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Established, ConnectionState.New] }, order: 3),
            PolicyLab.Rule("early", RuleAction.Accept, new RuleMatch { States = [ConnectionState.Established], Protocols = [Packet.TcpProtocol] }, order: 2)));

        Assert.Equal([Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Dropped], Fates(isIPv6));
        Assert.Equal([("all", 0L), ("early", 2L), ("late", 3L)], _lab.ReadHits().Select(hits => (hits.Key, hits.Value)).Order());
    }

    /// <summary>A TCP and a UDP connection from the LAN outwards, answered.</summary>
    private async Task BeginAsync(bool isIPv6)
    {
        await _lab.ApplyAsync(FirewallPolicy.Open);
        var (tcp, udp) = (Tcp(isIPv6), Udp(isIPv6));
        var outcomes = _lab.Send(
        [
            ("lan", tcp), ("wan", tcp.Answer()), ("lan", tcp with { Flags = Packet.Ack }),
            ("lan", udp), ("wan", udp.Answer()),
        ]);
        Assert.All(outcomes, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
    }

    /// <summary>What becomes of both connections both ways, of an error about one, of a new connection, and of two packets of no connection.</summary>
    private IEnumerable<Fate> Fates(bool isIPv6)
    {
        // Numbers in and out of the window are all the same to the lab's packets, and are to conntrack too.
        _lab.Router.Set("net/netfilter/nf_conntrack_tcp_be_liberal", "1");
        var (tcp, udp) = (Tcp(isIPv6), Udp(isIPv6));
        var fresh = Packet.Udp(tcp.Source, tcp.Destination, 81, 40_002);
        return _lab.Send(
        [
            ("lan", tcp with { Flags = Packet.Ack }), ("wan", tcp.Answer() with { Flags = Packet.Ack }), ("lan", udp), ("wan", udp.Answer()),
            ("wan", Packet.Error(udp.Destination, udp)),
            ("lan", fresh),
            ("lan", Packet.Tcp(tcp.Source, tcp.Destination, 81, 40_003, flags: 0)),
            ("wan", Packet.Error(udp.Destination, fresh with { SourcePort = 40_004 })),
        ]).Select(outcome => outcome.Fate);
    }

    private Packet Tcp(bool isIPv6) => Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80, 40_000);

    private Packet Udp(bool isIPv6) => Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80, 40_001);
}
