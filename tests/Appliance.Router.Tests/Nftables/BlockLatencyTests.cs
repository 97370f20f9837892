using System.Globalization;
using System.Text;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

/// <summary>How long a block takes beside large sets; printed, as a shared machine's times prove nothing.</summary>
public sealed class BlockLatencyTests
{
    private const int Large = 100_000;
    private const int Rounds = 500;

    [Fact]
    public async Task Block_is_fast_beside_large_sets()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(new FirewallState([], []), CancellationToken.None);
        lab.Gateway.NftScript(LargeSets());
        using var sets = lab.Gateway.OpenSets();
        Time(Rounds / 10, round => firewall.Put([Offender(round)]));

        var whole = Time(Rounds, round => firewall.Put([Offender(round)]));
        var added = Time(Rounds, round => sets.Put([new SetChange(BaseRuleset.Blocked4, [new SetElement(Offender(Rounds + round).Target, TimeSpan.FromHours(1), 0)])]));
        var removed = Time(Rounds, round => firewall.Remove([Offender(Rounds + round)]));
        var many = Time(5, round => firewall.Put([.. Enumerable.Range(0, 500).Select(index => Offender(10_000 + (500 * round) + index) with { Action = BlockAction.RateLimit, PacketsPerSecond = 100 })]));

        var tracked = Track(lab, 10_000);
        var cut = Time(50, round => firewall.Put([Offender(20_000 + round)]));

        Print("block", whole);
        Print($"block beside {tracked} tracked connections", cut);
        Print("element added", added);
        Print("block lifted", removed);
        Print("500 in one batch", many);
        Assert.Equal(Rounds + 50, sets.List(BaseRuleset.Blocked4).Count);
    }

    private static int Track(Lab lab, int flows)
    {
        using var sender = Lab.OpenUdp(lab.Client, Lab.ClientAddress);
        for (var port = 1; port <= flows; port++)
        {
            sender.SendTo([1], new System.Net.IPEndPoint(System.Net.IPAddress.Parse(Lab.ServerAddress), port));
        }

        return lab.Gateway.ReadNet("nf_conntrack").Split('\n').Length;
    }

    private static void Print(string what, double[] microseconds) => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: p50 {microseconds[microseconds.Length / 2]:0} us, p99 {microseconds[microseconds.Length * 99 / 100]:0} us"));

    private static double[] Time(int rounds, Action<int> work)
    {
        var times = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            work(round);
            times[round] = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return times;
    }

    private static Block Offender(int index) =>
        Make(new BlockTarget(TargetKind.Address4, 0xC6120000u + (uint)index), BlockAction.Drop, 0, TimeProvider.System.GetUtcNow(), 3600);

    private static string LargeSets()
    {
        var text = new StringBuilder("table inet feeds {\n set networks { type ipv4_addr; flags interval; elements = { ");
        text.AppendJoin(',', Enumerable.Range(0, Large).Select(index => new BlockTarget(TargetKind.Address4, 0x0B000000u + ((uint)index << 8)) + "/25"));
        text.Append(" }\n }\n set hosts { type ipv4_addr; flags timeout; elements = { ");
        text.AppendJoin(',', Enumerable.Range(0, Large).Select(index => new BlockTarget(TargetKind.Address4, 0x0A000000u + (uint)index) + " timeout 1h"));
        return text.Append(" }\n }\n}\n").ToString();
    }
}
