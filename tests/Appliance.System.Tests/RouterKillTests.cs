using System.Globalization;
using System.Text.Json;

namespace Appliance.SystemTests;

/// <summary>The Router itself is killed at any moment of bringing a ruleset into force: the kernel and the Router that comes after agree on one ruleset or the other.</summary>
[Collection("the machine's ports")]
public sealed class RouterKillTests
{
    private const int Rules = 300;

    private static readonly string[] Names = ["one", "two"];

    // One nft checks these rules and a second one brings them into force, each in some 30 ms, more on a busy machine.
    private static readonly TimeSpan LongestProgram = TimeSpan.FromMilliseconds(100);

    [Fact]
    public Task Three_kills_in_mid_apply_leave_one_ruleset_or_the_other() => KillAsync(3);

    [Fact]
    [Trait("Category", "Drill")]
    public Task A_hundred_kills_in_mid_apply_leave_one_ruleset_or_the_other() => KillAsync(100);

    private static async Task KillAsync(int kills)
    {
        await using var lab = await GatewayLab.LayAsync();
        var random = new Random(kills);
        var (midway, changed, unconfirmed) = (0, 0, 0);
        var router = await lab.StartRouterAsync();
        try
        {
            var (listings, span) = await LearnAsync(lab);
            var held = Names[^1];
            for (var kill = 0; kill < kills; kill++)
            {
                midway += await KillOneAsync(lab, router, Names.Single(name => name != held), Delay(kill, span, random), isProgram: kill % 4 == 0) ? 1 : 0;
                var left = NameOf(listings, await lab.ListingAsync());
                await router.DisposeAsync();
                router = await lab.StartRouterAsync();
                var (active, wasConfirming) = await SettleAsync(lab, listings);

                // Dead, it left what it had done so far whole; alive again, it holds to what it had on disk.
                Assert.Contains(left, Names);
                Assert.Contains(active, Names);
                changed += active == held ? 0 : 1;
                unconfirmed += wasConfirming ? 1 : 0;
                held = active;
            }
        }
        finally
        {
            await router.DisposeAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {midway} of them while an nft ran: {changed} left the new ruleset, {unconfirmed} of these still to be confirmed.");
        Assert.InRange(midway, kills / 10, kills);
    }

    /// <summary>What the kernel lists under each of the two, as a Router leaves it that nobody disturbs; the last one stays in force.</summary>
    /// <returns>The listings, and how long the operator's command took.</returns>
    private static async Task<(IReadOnlyDictionary<string, string> Listings, TimeSpan Span)> LearnAsync(GatewayLab lab)
    {
        var listings = new Dictionary<string, string>();
        var span = TimeSpan.Zero;
        foreach (var name in Names)
        {
            await ImportAsync(lab, name);
            var start = TimeProvider.System.GetTimestamp();
            await lab.AskAsync("rules", "apply", "--reason", name);
            span = TimeProvider.System.GetElapsedTime(start);
            listings[name] = await lab.ListingAsync();
        }

        Assert.NotEqual(listings[Names[0]], listings[Names[1]]);
        return (listings, span);
    }

    /// <summary>Every second time it is counted from when an nft is seen; else from the start of the operator's command.</summary>
    private static (bool FromProgram, TimeSpan Delay) Delay(int kill, TimeSpan command, Random random) =>
        kill % 2 == 0 ? (true, LongestProgram * random.NextDouble()) : (false, command * random.NextDouble());

    /// <summary>True when an nft was at work when the Router was killed.</summary>
    private static async Task<bool> KillOneAsync(GatewayLab lab, RunningAppliance router, string wanted, (bool FromProgram, TimeSpan Delay) moment, bool isProgram)
    {
        await ImportAsync(lab, wanted);
        var applying = lab.OperateAsync("rules", "apply", "--reason", wanted);
        if (moment.FromProgram)
        {
            await lab.ProgramAsync(applying);
        }

        await Task.Delay(moment.Delay, TimeProvider.System, TestContext.Current.CancellationToken);
        var programs = lab.Programs();
        if (isProgram)
        {
            programs.ForEach(program => _ = RunningAppliance.Kill(program, RunningAppliance.SigKill));
        }

        await router.KillAsync();
        await applying;
        await GatewayLab.UntilAsync(() => Task.FromResult(lab.Programs()), left => left.Count == 0);
        return programs.Count > 0;
    }

    /// <summary>The Router that came after must enforce just what it says is in force; a ruleset that awaits its confirmation gets it.</summary>
    private static async Task<(string Active, bool WasConfirming)> SettleAsync(GatewayLab lab, IReadOnlyDictionary<string, string> listings)
    {
        var last = (await lab.AskAsync("rules", "history")).First(entry => Word(entry, "state") is "STATE_ACTIVE" or "STATE_CONFIRMING");
        var isConfirming = Word(last, "state") == "STATE_CONFIRMING";
        if (isConfirming)
        {
            await lab.AskAsync("rules", "confirm", Word(last, "id"));
        }

        var active = Word(last, "reason");
        Assert.Equal(listings[active], await lab.ListingAsync());
        return (active, isConfirming);
    }

    private static Task ImportAsync(GatewayLab lab, string name) => lab.ImportAsync(name, new
    {
        zones = new object[]
        {
            new { name = "desk", interfaces = new[] { "desk" }, management = true },
            new { name = "hall", interfaces = new[] { "hall" }, served = true },
        },
        rules = Enumerable.Range(1, Rules).Select(index => new
        {
            // The listing names rules by their ids, so they are given ones that come again.
            id = string.Create(CultureInfo.InvariantCulture, $"{(name == Names[0] ? 1 : 2):x4}{index:x28}"),
            name = string.Create(CultureInfo.InvariantCulture, $"{name}-{index}"),
            order = index,
            match = new { source_networks = new[] { string.Create(CultureInfo.InvariantCulture, $"10.{(name == Names[0] ? 1 : 2)}.{index % 256}.{index / 256}/32") } },
            action = "ACTION_DROP",
        }),
    });

    private static string NameOf(IReadOnlyDictionary<string, string> listings, string listing) =>
        listings.SingleOrDefault(entry => entry.Value == listing).Key ?? $"torn:\n{listing}";

    private static string Word(JsonElement entry, string field) => entry.GetProperty(field).GetString()!;
}
