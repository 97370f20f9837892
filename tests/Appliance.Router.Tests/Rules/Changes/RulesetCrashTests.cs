using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using CsCheck;
using static Appliance.Router.Tests.Rules.Changes.SamplePolicies;

namespace Appliance.Router.Tests.Rules.Changes;

/// <summary>The Router killed between any two steps, and started again on the same files.</summary>
[Trait("Category", "Slow")]
public sealed class RulesetCrashTests
{
    private enum Act
    {
        Apply,
        Confirm,
        ConfirmOnOldConnection,
        RollBack,
        Wait,
        WaitPastDeadline,
        Restart,
        Reboot,
        KillBeforeFirewall,
        KillAfterFirewall,
        FirewallFails,
        FirewallWorks,
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_an_apply_it_awaits_the_confirmation_and_goes_back_without(bool afterwards)
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        await bench.KillAsync(afterwards, () => bench.ApplyAsync(With(Drop("b"))));

        await bench.ReopenAsync();
        var (resumed, pending) = (bench.InForce(), bench.Commits.Pending);
        bench.Clock.Advance(RulesetBench.Window);
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);

        Assert.Equal(("b", "a"), (resumed, bench.InForce()));
        Assert.NotNull(pending);
    }

    [Fact]
    public async Task Killed_at_an_apply_it_can_be_confirmed_by_whoever_reaches_it_afterwards()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.KillAsync(afterwards: true, () => bench.ApplyAsync(With(Drop("b"))));
        await bench.ReopenAsync();

        await bench.ConfirmAsync(bench.RulesetTable.FindPending()!);
        bench.Clock.Advance(RulesetBench.Window);
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);

        Assert.Equal("b", bench.InForce());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_while_it_goes_back_it_goes_back_at_the_start(bool afterwards)
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var pending = await bench.ApplyAsync(With(Drop("b")));
        bench.Clock.Advance(RulesetBench.Window);
        await bench.KillAsync(afterwards, () => bench.Rulesets.RevertDueAsync(CancellationToken.None));

        await bench.ReopenAsync();

        Assert.Equal(("a", RulesetState.Reverted), (bench.InForce(), bench.StateOf(pending)));
        Assert.Equal([pending.Id], bench.Rulesets.ReadUntold().Select(ruleset => ruleset.Id));
    }

    [Fact]
    public async Task A_deadline_that_passed_while_the_Router_was_away_counts()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var pending = await bench.ApplyAsync(With(Drop("b")));
        bench.Clock.Advance(RulesetBench.Window);

        await bench.ReopenAsync();

        Assert.Equal(("a", RulesetState.Reverted), (bench.InForce(), bench.StateOf(pending)));
        Assert.Null(bench.Commits.Pending);
    }

    [Fact]
    public async Task A_reboot_before_the_deadline_takes_an_unconfirmed_ruleset_back()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var pending = await bench.ApplyAsync(With(Drop("b")));
        bench.Boot = new BootMark("boot-2");

        await bench.ReopenAsync();

        Assert.Equal(("a", RulesetState.Reverted), (bench.InForce(), bench.StateOf(pending)));
    }

    [Fact]
    public async Task A_wall_clock_that_goes_back_makes_the_wait_no_longer()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAsync(With(Drop("b")));

        bench.Clock.AdjustTime(bench.Clock.GetUtcNow() - TimeSpan.FromDays(1));
        await bench.ReopenAsync();
        bench.Clock.Advance(RulesetBench.Window);
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);

        Assert.Equal("", bench.InForce());
    }

    [Fact]
    public async Task A_firewall_that_fails_at_the_deadline_is_asked_until_it_goes_back()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var pending = await bench.ApplyAsync(With(Drop("b")));
        bench.Clock.Advance(RulesetBench.Window);
        bench.Firewall.Fault = new IOException("busy");
        await Assert.ThrowsAsync<UnreachableException>(() => bench.Rulesets.RevertDueAsync(CancellationToken.None));
        var during = bench.StateOf(pending);

        bench.Firewall.Fault = null;
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);

        Assert.Equal((RulesetState.Confirming, "a", RulesetState.Reverted), (during, bench.InForce(), bench.StateOf(pending)));
    }

    [Fact]
    public async Task A_lost_database_leaves_the_confirmed_policy_in_force()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        bench.Damage();

        await bench.ReopenAsync();

        Assert.Equal("a", bench.InForce());
        Assert.Equal("Confirmed before the database was lost.", bench.Rulesets.List(long.MaxValue, 1)[0].Reason);
    }

    [Fact]
    public Task No_course_of_events_leaves_an_unconfirmed_ruleset_in_force_after_its_deadline() =>
        Gen.Enum<Act>().Array[1, 12].SampleAsync(RunAsync, iter: 150, threads: 1);

    private static async Task RunAsync(Act[] acts)
    {
        using var bench = await RuleBench.OpenAsync();
        var (confirmed, number) = ("", 0);
        foreach (var act in acts)
        {
            await DoAsync(bench, act, () => With(Drop($"r{++number}")));
            foreach (var ruleset in bench.Rulesets.List(long.MaxValue, 100).Where(ruleset => ruleset.State == RulesetState.Active))
            {
                confirmed = string.Join(',', ruleset.Policy.Rules.Select(rule => rule.Id));
            }
        }

        bench.Firewall.Fault = null;
        bench.Clock.Advance(TimeSpan.FromHours(2));
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);
        await bench.Store.ReconcileAsync(CancellationToken.None);

        Assert.Equal(confirmed, bench.InForce());
        Assert.Null(bench.RulesetTable.FindPending());
    }

    private static async Task DoAsync(RuleBench bench, Act act, Func<FirewallPolicy> next)
    {
        var pending = bench.RulesetTable.FindPending();
        try
        {
            await (act switch
            {
                Act.Apply => bench.ApplyAsync(next()),
                Act.Confirm when pending is not null => bench.ConfirmAsync(pending),
                Act.ConfirmOnOldConnection when pending is not null => bench.Rulesets.ConfirmAsync(pending.Id, 0, CancellationToken.None),
                Act.RollBack => bench.Rulesets.RollBackAsync("", new RulesetRequest("bob", "", RulesetBench.Window), CancellationToken.None),
                Act.Wait => PassAsync(bench, TimeSpan.FromSeconds(20)),
                Act.WaitPastDeadline => PassAsync(bench, RulesetBench.Window),
                Act.Restart => StartAsync(bench, bench.Boot),
                Act.Reboot => StartAsync(bench, new BootMark(Guid.NewGuid().ToString())),
                Act.KillBeforeFirewall or Act.KillAfterFirewall when pending is null && bench.Firewall.Fault is null => DieAsync(bench, act == Act.KillAfterFirewall, next()),
                Act.FirewallFails => Task.FromResult(bench.Firewall.Fault = new IOException("fails")),
                Act.FirewallWorks => Task.FromResult(bench.Firewall.Fault = null),
                _ => Task.CompletedTask,
            });
        }
        catch (Exception error) when (error is ApplianceException or IOException)
        {
            // A refusal is an outcome as good as any other.
        }
    }

    private static async Task PassAsync(RuleBench bench, TimeSpan time)
    {
        bench.Clock.Advance(time);
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);
    }

    private static async Task DieAsync(RuleBench bench, bool afterwards, FirewallPolicy policy)
    {
        await bench.KillAsync(afterwards, () => bench.ApplyAsync(policy));
        await bench.ReopenAsync();
    }

    private static Task StartAsync(RuleBench bench, BootMark boot)
    {
        bench.Boot = boot;
        return bench.ReopenAsync();
    }
}
