using Appliance.Hosting.Health;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class RulesetKeeperTests
{
    [Fact]
    public async Task The_ruleset_is_in_force_before_the_role_answers()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        bench.Firewall.Lose();
        var board = new HealthBoard(bench.Clock);
        using var keeper = Keeper(bench, board);

        await keeper.StartAsync(CancellationToken.None);

        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
        Assert.Equal(PartState.Healthy, StateOf(board));
        await keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_firewall_that_fails_is_told_and_tried_again()
    {
        using var bench = await RuleBench.OpenAsync();
        var block = await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        bench.Firewall.Lose();
        bench.Firewall.Fault = new IOException("no kernel");
        var board = new HealthBoard(bench.Clock);
        using var keeper = Keeper(bench, board);

        await keeper.StartAsync(CancellationToken.None);
        var before = StateOf(board);
        var isEnforcedBefore = bench.Enforcer.Holds(block);
        bench.Firewall.Fault = null;
        await AdvanceUntilAsync(bench, () => StateOf(board) == PartState.Healthy);

        Assert.Equal((PartState.Failed, false, true), (before, isEnforcedBefore, bench.Enforcer.Holds(block)));
        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
        await keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_address_that_becomes_the_hosts_own_is_freed()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        using var keeper = Keeper(bench, new HealthBoard(bench.Clock));
        await keeper.StartAsync(CancellationToken.None);

        bench.Host.Ranges = ["203.0.113.7"];
        await AdvanceUntilAsync(bench, () => bench.Store.All.Count == 0);

        Assert.Empty(bench.Firewall.Held);
        await keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Summer_time_brings_the_rules_anew_for_their_times_are_in_UTC()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Clock.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        bench.Clock.SetUtcNow(new DateTimeOffset(2030, 3, 31, 0, 59, 0, TimeSpan.Zero));
        using var keeper = Keeper(bench, new HealthBoard(bench.Clock));
        await keeper.StartAsync(CancellationToken.None);
        var before = bench.Firewall.Applied;

        await AdvanceUntilAsync(bench, () => bench.Firewall.Applied > before);

        Assert.InRange(bench.Clock.GetUtcNow(), new DateTimeOffset(2030, 3, 31, 1, 0, 0, TimeSpan.Zero), DateTimeOffset.MaxValue);
        await keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_firewall_that_only_renders_is_degraded()
    {
        using var bench = await RuleBench.OpenAsync(new RecordingFirewall { Enforces = false });
        var board = new HealthBoard(bench.Clock);
        using var keeper = Keeper(bench, board);

        await keeper.StartAsync(CancellationToken.None);

        Assert.Equal(PartState.Degraded, StateOf(board));
        await keeper.StopAsync(CancellationToken.None);
    }

    private static RulesetKeeper Keeper(RuleBench bench, HealthBoard board) =>
        new(bench.Rules, new EnforcementHealth(bench.Firewall, board), Options.Create(bench.Options), bench.Clock, NullLogger<RulesetKeeper>.Instance);

    private static PartState StateOf(HealthBoard board) => board.Snapshot.Single(part => part.Part == EnforcementHealth.Part).State;

    // The keeper's timer may begin after an advance, so time goes on until its work is done.
    private static async Task AdvanceUntilAsync(RuleBench bench, Func<bool> isDone)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!isDone())
        {
            guard.Token.ThrowIfCancellationRequested();
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
