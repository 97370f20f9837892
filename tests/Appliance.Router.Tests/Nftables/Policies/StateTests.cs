using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Connections that stand, what is related to them, and what belongs to none.</summary>
public sealed class StateTests : IDisposable
{
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task What_stands_goes_on_when_nothing_new_may_begin()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("no", RuleAction.Drop)));

        AssertFates([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Dropped]);
        Assert.Equal(2, _lab.ReadHits("no"));
    }

    [Fact]
    public async Task Rule_on_established_ones_stops_them_both_ways()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("standing", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Established] })));

        AssertFates([Fate.Dropped, Fate.Dropped, Fate.Dropped, Fate.Dropped, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped]);
        Assert.Equal(8, _lab.ReadHits("standing"));
    }

    [Fact]
    public async Task Rule_on_related_ones_stops_an_ICMP_error()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("errors", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Related] })));

        AssertFates([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Passed, Fate.Dropped, Fate.Dropped]);
        Assert.Equal(2, _lab.ReadHits("errors"));
    }

    [Fact]
    public async Task What_belongs_to_no_connection_is_dropped_whatever_is_accepted()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("all", RuleAction.Accept)));

        AssertFates([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped]);
        Assert.Equal((2, 4), (_lab.ReadHits("all"), _lab.ReadCounters()["invalid_drops"]));
    }

    [Fact]
    public async Task Rule_on_invalid_ones_comes_before_that()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("odd", RuleAction.Accept, new RuleMatch { States = [ConnectionState.Invalid], DestinationZones = [PolicyLab.WanZone] })));

        AssertFates([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Passed, Fate.Dropped]);
    }

    [Fact]
    public async Task Rule_on_new_ones_meets_no_other()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("begun", RuleAction.Accept, new RuleMatch { States = [ConnectionState.New] })));

        AssertFates([Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped]);
        Assert.Equal(2, _lab.ReadHits("begun"));
    }

    [Fact]
    public async Task Rules_before_and_behind_established_keep_their_order_among_themselves()
    {
        await BeginAsync();

        await _lab.ApplyAsync(PolicyLab.Policy(
            RuleAction.Drop,
            PolicyLab.Rule("all", RuleAction.Accept, order: 1),
            PolicyLab.Rule("late", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Established, ConnectionState.New] }, order: 3),
            PolicyLab.Rule("early", RuleAction.Accept, new RuleMatch { States = [ConnectionState.Established], Protocols = [Packet.TcpProtocol] }, order: 2)));

        AssertFates([Fate.Passed, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Passed, Fate.Dropped, Fate.Dropped, Fate.Dropped]);
        Assert.Equal([("all", 0L), ("early", 4L), ("late", 6L)], _lab.ReadHits().Select(hits => (hits.Key, hits.Value)).Order());
    }

    /// <summary>A TCP and a UDP connection of each family from the LAN outwards, answered.</summary>
    private async Task BeginAsync()
    {
        // Numbers in and out of the window are all the same to the lab's packets, and are to conntrack too.
        _lab.Router.Set("net/netfilter/nf_conntrack_tcp_be_liberal", "1");
        await _lab.ApplyAsync(FirewallPolicy.Open);
        foreach (var isIPv6 in new[] { false, true })
        {
            var (tcp, udp) = (Tcp(isIPv6), Udp(isIPv6));
            var outcomes = _lab.Send(
            [
                ("lan", tcp), ("wan", tcp.Answer()), ("lan", tcp with { Flags = Packet.Ack }),
                ("lan", udp), ("wan", udp.Answer()),
            ]);
            Assert.All(outcomes, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        }
    }

    private void AssertFates(Fate[] expected)
    {
        Assert.Equal(expected, Fates(isIPv6: false));
        Assert.Equal(expected, Fates(isIPv6: true));
    }

    /// <summary>What becomes of both connections both ways, of an error about one, of a new connection, and of two packets of no connection.</summary>
    private IEnumerable<Fate> Fates(bool isIPv6)
    {
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
