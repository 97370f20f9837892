using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What rules do with what they meet, in which order, and what they count.</summary>
[Trait("Category", "Slow")]
public sealed class ActionTests : IDisposable
{
    private readonly PolicyLab _lab = new();
    private int _port = 30_000;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refusal_is_a_reset_for_TCP_and_a_prohibition_for_all_else_from_the_gateway_or_in_the_name_of_the_far_end(bool isIPv6)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("no", RuleAction.Reject)));

        var outcomes = _lab.Send([Tcp(isIPv6), Udp(isIPv6), Echo(isIPv6), ToGateway(isIPv6)]);

        Assert.All(outcomes, outcome => Assert.Equal(Fate.Refused, outcome.Fate));
        Assert.Equal([_lab.Wan.Silent(isIPv6), _lab.Lan.Gateway(isIPv6), _lab.Lan.Gateway(isIPv6), _lab.Lan.Gateway(isIPv6)], outcomes.Select(outcome => outcome.Refusal!.Source));
        Assert.Equal([false, true, true, true], outcomes.Select(outcome => outcome.Refusal!.IsProhibited));
        Assert.Equal(4, _lab.ReadHits("no"));
    }

    [Theory]
    [InlineData(false, RuleAction.Accept, Fate.Passed)]
    [InlineData(true, RuleAction.Accept, Fate.Passed)]
    [InlineData(false, RuleAction.Drop, Fate.Dropped)]
    [InlineData(true, RuleAction.Drop, Fate.Dropped)]
    [InlineData(false, RuleAction.Reject, Fate.Refused)]
    [InlineData(true, RuleAction.Reject, Fate.Refused)]
    public async Task Logging_changes_no_decision_however_many_packets_there_are(bool isIPv6, RuleAction action, object fate)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("told", action) with { IsLogged = true }));

        // More than the twenty that are logged at once.
        var outcomes = _lab.Send([.. Enumerable.Range(0, 40).Select(_ => Udp(isIPv6))]);

        Assert.All(outcomes, outcome => Assert.Equal(fate, outcome.Fate));
        Assert.Equal(40, _lab.ReadHits("told"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Audit_counts_and_leaves_the_decision_to_the_next(bool isIPv6, bool isLogged)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(
            PolicyLab.Rule("seen", RuleAction.Audit, order: 1) with { IsLogged = isLogged },
            PolicyLab.Rule("seen-again", RuleAction.Audit, new RuleMatch { Protocols = [Packet.UdpProtocol] }, order: 2) with { IsLogged = isLogged },
            PolicyLab.Rule("yes", RuleAction.Accept, new RuleMatch { Protocols = [Packet.TcpProtocol] }, order: 3)));

        var outcomes = _lab.Send([Tcp(isIPv6), Udp(isIPv6), Tcp(isIPv6)]);

        Assert.Equal([Fate.Passed, Fate.Dropped, Fate.Passed], outcomes.Select(outcome => outcome.Fate));
        Assert.Equal([("seen", 3L), ("seen-again", 1L), ("yes", 2L)], _lab.ReadHits().Select(hits => (hits.Key, hits.Value)).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lowest_order_is_first_and_of_one_order_the_first_by_id(bool isIPv6)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(
            PolicyLab.Rule("a", RuleAction.Accept, order: 7),
            PolicyLab.Rule("c", RuleAction.Drop, new RuleMatch { Protocols = [Packet.UdpProtocol] }, order: -5),
            PolicyLab.Rule("b", RuleAction.Reject, new RuleMatch { Protocols = [Packet.UdpProtocol, Packet.TcpProtocol] }, order: -5)));

        var outcomes = _lab.Send([Tcp(isIPv6), Udp(isIPv6), Echo(isIPv6)]);

        Assert.Equal([Fate.Refused, Fate.Refused, Fate.Passed], outcomes.Select(outcome => outcome.Fate));
        Assert.Equal([("a", 1L), ("b", 2L), ("c", 0L)], _lab.ReadHits().Select(hits => (hits.Key, hits.Value)).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disabled_rule_does_nothing(bool isIPv6)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(
            PolicyLab.Rule("off", RuleAction.Drop) with { IsDisabled = true },
            PolicyLab.Rule("off-early", RuleAction.Drop, new RuleMatch { States = [ConnectionState.New, ConnectionState.Established] }) with { IsDisabled = true },
            PolicyLab.Rule("on", RuleAction.Accept, order: 1)));

        var outcomes = _lab.Send([Tcp(isIPv6), Udp(isIPv6)]);

        Assert.All(outcomes, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        Assert.Equal([("on", 2L)], _lab.ReadHits().Select(hits => (hits.Key, hits.Value)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Packet_that_several_lines_of_a_rule_meet_is_counted_once(bool isIPv6)
    {
        var everywhere = new RuleMatch { SourceFeeds = ["one", "two"], DestinationFeeds = ["two", "one"], Times = [new DayTimes([], default, default), new DayTimes([], default, default)] };
        await _lab.ApplyAsync(PolicyLab.State(PolicyLab.Policy(
            PolicyLab.Rule("audited", RuleAction.Audit, everywhere),
            PolicyLab.Rule("told", RuleAction.Audit, everywhere) with { IsLogged = true },
            PolicyLab.Rule("yes", RuleAction.Accept, everywhere, order: 1))) with
        {
            AddressSets =
            [
                new AddressSet("one", [Rules.Samples.Range("0.0.0.0/0"), Rules.Samples.Range("::/0")]),
                new AddressSet("two", [Rules.Samples.Range("0.0.0.0/0"), Rules.Samples.Range("::/0")]),
            ],
        });

        var outcomes = _lab.Send([Tcp(isIPv6), Udp(isIPv6), Echo(isIPv6)]);

        Assert.All(outcomes, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        Assert.All(_lab.ReadHits(), hits => Assert.Equal(3, hits.Value));
    }

    private (string From, Packet Packet) Tcp(bool isIPv6) => ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80, ++_port));

    private (string From, Packet Packet) Udp(bool isIPv6) => ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80, ++_port));

    private (string From, Packet Packet) Echo(bool isIPv6) => ("lan", Packet.Echo(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), ++_port));

    private (string From, Packet Packet) ToGateway(bool isIPv6) => ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Lan.Gateway(isIPv6), 8000, ++_port));
}
