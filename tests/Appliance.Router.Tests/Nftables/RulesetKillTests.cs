using System.Diagnostics;
using System.Globalization;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

/// <summary>A process that applies rulesets without end, and its nft, are killed at any moment: the kernel has one ruleset or the other, never parts of both.</summary>
[Trait("Category", "Slow")]
public sealed class RulesetKillTests
{
    private const string PlaceKey = "APPLIANCE_TEST_KILL_PLACE";
    private const int Guard = 60_000;

    // In the process that is to be killed, it is this test that applies.
    [Fact]
    public Task Ten_kills_tear_no_ruleset() => Environment.GetEnvironmentVariable(PlaceKey) is { } name ? ApplyUntilKilledAsync(name) : KillAsync(10);

    [Fact]
    [Trait("Category", "Drill")]
    public Task A_hundred_kills_tear_no_ruleset() => KillAsync(100);

    // It ends by itself should whoever kills it be killed first.
    private static async Task ApplyUntilKilledAsync(string name)
    {
        using var place = NetworkNamespace.Open($"{NetworkNamespace.NamesFolder}/{name}");
        var nft = new NftProgram(place, TimeProvider.System);
        string[] scripts = [Script(isFirst: true), Script(isFirst: false)];
        var start = TimeProvider.System.GetTimestamp();
        for (var turn = 0; TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < Guard; turn++)
        {
            try
            {
                await nft.ApplyAsync(scripts[turn % 2], CancellationToken.None);
            }
            catch (RulesetRejectedException)
            {
                // Its nft was killed.
            }
        }
    }

    private static async Task KillAsync(int kills)
    {
        using var place = new TestNamespace();
        var nft = new NftProgram(place.Inside, TimeProvider.System);
        var table = new KernelTable(new NetlinkExchange(place.OpenNetlink()));
        await nft.ApplyAsync(Script(isFirst: false), CancellationToken.None);
        var second = List(place);
        await nft.ApplyAsync(Script(isFirst: true), CancellationToken.None);
        var first = List(place);
        var random = new Random(kills);
        var (torn, midway, seconds) = (0, 0, 0);

        for (var kill = 0; kill < kills; kill++)
        {
            midway += KillOne(place, table, random, isProgram: kill % 2 == 1) ? 1 : 0;
            var found = ListUntil(place, listing => listing == first || listing == second);
            torn += found == first || found == second ? 0 : 1;
            seconds += found == second ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {midway} of them while an nft ran: {torn} torn, {seconds} left the second ruleset.");
        Assert.NotEqual(first, second);
        Assert.Equal(0, torn);
        Assert.InRange(midway, 1, kills);
    }

    /// <summary>True when an nft was at work in the place at that moment.</summary>
    private static bool KillOne(TestNamespace place, KernelTable table, Random random, bool isProgram)
    {
        var before = table.ReadGeneration();
        using var child = StartChild(place);
        var start = TimeProvider.System.GetTimestamp();
        while (table.ReadGeneration() == before && !child.HasExited)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < Guard, "The child applies nothing.");
        }

        // An apply of these takes some 20 ms; the loop goes on for ever.
        child.WaitForExit(random.Next(0, 100));
        var programs = Inside(place);
        if (isProgram)
        {
            programs.ForEach(KillProcess);
        }

        child.Kill();
        child.WaitForExit();
        while (Inside(place).Count > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < Guard, "An nft does not end.");
        }

        return programs.Count > 0;
    }

    private static Process StartChild(TestNamespace place)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Appliance.Router.Tests"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "-noLogo", "-method", $"*{nameof(RulesetKillTests)}.{nameof(Ten_kills_tear_no_ruleset)}" },
        };
        start.Environment[PlaceKey] = place.Name;
        return Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
    }

    // Only nft goes into the place, by nsenter, which becomes it.
    private static List<int> Inside(TestNamespace place) =>
        [.. Command.Run("/usr/sbin/ip", "netns", "pids", place.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    private static void KillProcess(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    // A hash table that the kernel is still growing is listed short.
    private static string ListUntil(TestNamespace place, Func<string, bool> isKnown)
    {
        var listing = List(place);
        for (var tries = 0; tries < 20 && !isKnown(listing); tries++)
        {
            listing = List(place);
        }

        return listing;
    }

    // Elements of hash sets come in any order.
    private static string List(TestNamespace place) => string.Join('\n', place.Nft("--stateless", "list", "table", "inet", "appliance")
        .Split(['\n', ',', '{', '}'])
        .Select(part => part.Trim())
        .Order(StringComparer.Ordinal));

    private static string Script(bool isFirst)
    {
        var policy = new FirewallPolicy(
            [new Zone("lan", ["eth1"]) { IsManagement = true }, new Zone("wan", [isFirst ? "eth0" : "eth9"]) { IsOutside = true }],
            [new ZoneDefault("lan", "wan", RuleAction.Accept)],
            new Protections { AntiSpoofing = isFirst },
            [.. Enumerable.Range(1, 50).Select(index => new PolicyRule($"{(isFirst ? "one" : "two")}-{index}", "", index, new RuleMatch { SourceNetworks = [Range($"10.{(isFirst ? 1 : 2)}.{index}.0/24")] }, RuleAction.Drop))]);
        var blocks = Enumerable.Range(1, isFirst ? 3000 : 4000).Select(index => Make(new BlockTarget(TargetKind.Address4, (isFirst ? 0x0A000000u : 0x0B000000u) + (uint)index), BlockAction.Drop, 0, Start, 36_000));
        return RulesetText.Render(new FirewallState([.. blocks], [Range(isFirst ? "127.0.0.0/8" : "192.0.2.0/24")]) { Policy = policy }, Start);
    }
}
