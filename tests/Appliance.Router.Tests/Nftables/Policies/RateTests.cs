using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Rules for what comes too fast; bounds are on what a rate lets through, however slow the machine is.</summary>
public sealed class RateTests : IDisposable
{
    private const int PerSecond = 10;
    private const int Sent = 200;

    // Beyond the rate itself: what may come at once.
    private const int LargestBurst = 10;

    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rule_meets_only_what_is_above_its_rate(bool isIPv6)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(
            RuleAction.Accept,
            PolicyLab.Rule("fast", RuleAction.Drop, new RuleMatch { Protocols = [Packet.UdpProtocol], OverPacketsPerSecond = PerSecond })));

        var (passed, seconds) = Flood(port => Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80, port));
        var other = _lab.Send(_lab.Lan, Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80));

        Assert.InRange(passed, 1, LargestBurst + (PerSecond * seconds) + 1);
        Assert.Equal(Sent - passed, _lab.ReadHits("fast"));
        Assert.Equal(Fate.Passed, other.Fate);
    }

    [Fact]
    public async Task Rate_of_a_rule_with_several_lines_is_one()
    {
        await _lab.ApplyAsync(PolicyLab.Policy(
            RuleAction.Accept,
            PolicyLab.Rule("fast", RuleAction.Drop, new RuleMatch { SourceNetworks = [Rules.Samples.Range("0.0.0.0/0"), Rules.Samples.Range("::/0")], OverPacketsPerSecond = PerSecond })));

        var (passed, seconds) = Flood(port => Packet.Udp(_lab.Lan.Silent((port & 1) == 0), _lab.Wan.Silent((port & 1) == 0), 80, port));

        Assert.InRange(passed, 1, LargestBurst + (PerSecond * seconds) + 1);
    }

    /// <summary>How many of many packets passed, and the seconds that all of them took at most.</summary>
    private (int Passed, double Seconds) Flood(Func<int, Packet> make)
    {
        var start = TimeProvider.System.GetTimestamp();
        var outcomes = _lab.Send([.. Enumerable.Range(20_000, Sent).Select(port => ("lan", make(port)))]);
        return (outcomes.Count(outcome => outcome.Fate == Fate.Passed), TimeProvider.System.GetElapsedTime(start).TotalSeconds);
    }
}
