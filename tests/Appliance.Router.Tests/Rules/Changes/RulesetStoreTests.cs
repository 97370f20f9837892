using System.Security.Cryptography;
using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Changes.SamplePolicies;

namespace Appliance.Router.Tests.Rules.Changes;

public sealed class RulesetStoreTests
{
    [Fact]
    public async Task A_confirmed_ruleset_stays_and_is_in_force_after_a_start_and_a_reboot()
    {
        using var bench = await RuleBench.OpenAsync();
        var ruleset = await bench.ApplyAsync(With(Drop("a")));
        var (during, shown) = (bench.InForce(), bench.Commits.Pending);

        var confirmed = await bench.ConfirmAsync(ruleset);
        bench.Clock.Advance(RulesetBench.Window * 2);
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);
        bench.Firewall.Lose();
        bench.Boot = new BootMark("boot-2");
        await bench.ReopenAsync();

        Assert.Equal(("a", "a", RulesetState.Active), (during, bench.InForce(), confirmed.State));
        Assert.Equal((ruleset.Id, ruleset.Deadline), (shown!.Id, shown.Deadline));
        Assert.Null(bench.Commits.Pending);
    }

    [Fact]
    public async Task An_unconfirmed_ruleset_goes_back_at_its_deadline_and_not_before()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var second = await bench.ApplyAsync(With(Drop("b")));

        bench.Clock.Advance(RulesetBench.Window - TimeSpan.FromMilliseconds(1));
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);
        var before = bench.InForce();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);
        var late = await Assert.ThrowsAsync<BusyException>(() => bench.ConfirmAsync(second));

        Assert.Equal(("b", "a", RulesetState.Reverted), (before, bench.InForce(), bench.StateOf(second)));
        Assert.Contains("was taken back at", late.Message);
        Assert.Equal([second.Id], bench.Rulesets.ReadUntold().Select(ruleset => ruleset.Id));
    }

    [Fact]
    public async Task A_confirmation_that_comes_with_the_deadline_is_too_late_even_before_the_clock_looked()
    {
        using var bench = await RuleBench.OpenAsync();
        var ruleset = await bench.ApplyAsync(With(Drop("a")));
        bench.Clock.Advance(RulesetBench.Window);

        await Assert.ThrowsAsync<BusyException>(() => bench.ConfirmAsync(ruleset));

        Assert.Equal(("", RulesetState.Reverted), (bench.InForce(), bench.StateOf(ruleset)));
    }

    [Fact]
    public async Task Only_a_connection_that_was_accepted_after_the_apply_confirms()
    {
        using var bench = await RuleBench.OpenAsync();
        var before = bench.Clock.GetTimestamp();
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        // The firewall takes two seconds, in which connections still come in by the old rules.
        bench.Firewall.AtApply = done => Task.Run(() => bench.Clock.Advance(TimeSpan.FromSeconds(done ? 1 : 0)));
        var during = bench.Clock.GetTimestamp();
        var ruleset = await bench.ApplyAsync(With(Drop("a")));

        var old = await Assert.ThrowsAsync<BusyException>(() => bench.Rulesets.ConfirmAsync(ruleset.Id, before, CancellationToken.None));
        await Assert.ThrowsAsync<BusyException>(() => bench.Rulesets.ConfirmAsync(ruleset.Id, during, CancellationToken.None));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var confirmed = await bench.Rulesets.ConfirmAsync(ruleset.Id, bench.Clock.GetTimestamp(), CancellationToken.None);

        Assert.Equal("OLD_CONNECTION", old.Reason);
        Assert.Contains("open another connection and confirm on that", old.Message);
        Assert.Equal(RulesetState.Active, confirmed.State);
    }

    [Fact]
    public async Task Two_operators_race_and_one_of_them_waits()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(With(Drop("a")));
        var tasks = new[] { "alice", "bob" }.Select(name => Task.Run(() => bench.Rulesets.ApplyAsync(new RulesetRequest(name, "", RulesetBench.Window), CancellationToken.None))).ToList();

        var outcomes = await Task.WhenAll(tasks.Select(async task => await Record.ExceptionAsync(() => task)));

        var refusal = Assert.IsType<BusyException>(Assert.Single(outcomes, outcome => outcome is not null));
        Assert.Equal("AWAITING_CONFIRMATION", refusal.Reason);
        Assert.Contains("awaits its confirmation until 12:01:00 UTC; confirm it, take it back", refusal.Message);
    }

    [Fact]
    public async Task A_stale_candidate_is_not_applied()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(With(Drop("a")));
        var seen = bench.Candidate.Current.Etag;
        bench.Candidate.Write(With(Drop("b")));

        await Assert.ThrowsAsync<StaleEtagException>(() => bench.Rulesets.ApplyAsync(new RulesetRequest("alice", "", RulesetBench.Window) { Etag = seen }, CancellationToken.None));

        Assert.Equal("", bench.InForce());
    }

    [Fact]
    public async Task Repeating_a_request_returns_the_first_ruleset_also_after_its_confirmation()
    {
        using var bench = await RuleBench.OpenAsync();
        var first = await bench.ApplyAsync(With(Drop("a")), "r1");
        var again = await bench.ApplyAsync(With(Drop("a")), "r1");
        await bench.ConfirmAsync(first);
        await bench.ReopenAsync();

        var late = await bench.ApplyAsync(With(Drop("a")), "r1");

        Assert.Equal((first.Id, first.Id, RulesetState.Active), (again.Id, late.Id, late.State));
        Assert.Null(bench.Commits.Pending);
    }

    [Fact]
    public async Task Confirming_twice_is_harmless_and_an_unknown_or_older_one_is_refused()
    {
        using var bench = await RuleBench.OpenAsync();
        var first = await bench.ApplyAsync(With(Drop("a")));
        await bench.ConfirmAsync(first);

        var again = await bench.ConfirmAsync(first);
        await bench.ApplyAndConfirmAsync(With(Drop("b")));

        Assert.Equal(RulesetState.Active, again.State);
        await Assert.ThrowsAsync<BusyException>(() => bench.ConfirmAsync(first));
        await Assert.ThrowsAsync<NotFoundException>(() => bench.Rulesets.ConfirmAsync("none", long.MaxValue, CancellationToken.None));
    }

    [Fact]
    public async Task A_trial_renders_and_compares_and_changes_nothing()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a"), Drop("b")));
        bench.Candidate.Write(With(Drop("a"), Drop("c")));
        var applied = bench.Firewall.Applied;

        var (trial, text) = await bench.Rulesets.ApplyAsync(new RulesetRequest("alice", "", RulesetBench.Window) { IsTrial = true }, CancellationToken.None);

        Assert.Equal(("", RulesetState.None, "a Drop\nc Drop"), (trial.Id, trial.State, text));
        Assert.Contains("-b Drop\n+c Drop\n", trial.Difference);
        Assert.Equal(SHA256.HashData("a Drop\nc Drop"u8), trial.Sha256);
        Assert.Equal((applied, "a,b"), (bench.Firewall.Applied, bench.InForce()));
        Assert.Null(bench.Commits.Pending);
    }

    [Fact]
    public async Task A_wrong_policy_is_refused_with_all_its_faults()
    {
        using var bench = await RuleBench.OpenAsync();
        // Zones that went away under a rule come in through no other door than a database of another version.
        bench.Default = new DefaultPolicy("wrong", FirewallPolicy.Open with { Rules = [Drop("a")] });
        await bench.ReopenAsync();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Rulesets.ApplyAsync(new RulesetRequest("alice", "", RulesetBench.Window), CancellationToken.None));

        Assert.Equal(["policy.zones", "policy.rules[0].match.source_zones[0]"], error.Faults.Select(fault => fault.Field));
    }

    [Theory]
    [InlineData(9, "", "", "confirm_within")]
    [InlineData(3601, "", "", "confirm_within")]
    [InlineData(60, "two\nlines", "", "reason")]
    [InlineData(60, "", "long", "request_id")]
    public async Task A_wrong_request_is_refused(int seconds, string reason, string requestId, string field)
    {
        using var bench = await RuleBench.OpenAsync();
        var request = new RulesetRequest("alice", reason, TimeSpan.FromSeconds(seconds)) { RequestId = string.Concat(Enumerable.Repeat(requestId, 50)) };

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Rulesets.ApplyAsync(request, CancellationToken.None));

        Assert.Equal(field, Assert.Single(error.Faults).Field);
    }

    [Fact]
    public async Task A_firewall_that_refuses_keeps_the_old_one_and_no_trace_stays()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var isAsked = false;
        bench.Firewall.AtApply = _ => isAsked ? Task.CompletedTask : throw new IOException($"no, {isAsked = true}");

        await Assert.ThrowsAsync<UnreachableException>(() => bench.ApplyAsync(With(Drop("b"))));

        Assert.Equal("a", bench.InForce());
        Assert.Null(bench.RulesetTable.FindPending());
        Assert.Null(bench.Commits.Pending);
        await bench.ApplyAndConfirmAsync(With(Drop("c")));
        Assert.Equal("c", bench.InForce());
    }

    [Fact]
    public async Task A_firewall_that_takes_it_and_then_fails_is_brought_back_when_it_answers_again()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        bench.Firewall.AtApply = done => done ? Task.FromException(bench.Firewall.Fault = new IOException("gone")) : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<Exception>(() => bench.ApplyAsync(With(Drop("b"))));
        var (held, pending) = (bench.InForce(), bench.RulesetTable.FindPending()!);
        var refusal = await Record.ExceptionAsync(() => bench.ConfirmAsync(pending));

        bench.Firewall.AtApply = _ => Task.CompletedTask;
        bench.Firewall.Fault = null;
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);

        Assert.Equal(("b", "a"), (held, bench.InForce()));
        Assert.NotNull(refusal);
        Assert.Equal(RulesetState.Reverted, bench.StateOf(pending));
    }

    [Fact]
    public async Task Rolling_back_brings_an_earlier_policy_into_force_and_needs_a_confirmation_too()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var first = bench.Rulesets.List(long.MaxValue, 1)[0];
        await bench.ApplyAndConfirmAsync(With(Drop("b")));
        await bench.ApplyAndConfirmAsync(With(Drop("c")));

        var before = await bench.Rulesets.RollBackAsync("", Request(), CancellationToken.None);
        var toBefore = bench.InForce();
        await bench.ConfirmAsync(before);
        var oldest = await bench.Rulesets.RollBackAsync(first.Id, Request(), CancellationToken.None);
        var toFirst = bench.InForce();
        bench.Clock.Advance(RulesetBench.Window);
        await bench.Rulesets.RevertDueAsync(CancellationToken.None);

        Assert.Equal(("b", "a", "b"), (toBefore, toFirst, bench.InForce()));
        Assert.Equal(RulesetState.Reverted, bench.StateOf(oldest));
        Assert.Equal("c", bench.Candidate.Current.Policy.Rules.Single().Id);
    }

    [Fact]
    public async Task Rolling_back_what_awaits_its_confirmation_takes_it_back_at_once()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        var older = bench.Rulesets.List(long.MaxValue, 2)[1];
        var pending = await bench.ApplyAsync(With(Drop("b")));

        await Assert.ThrowsAsync<BusyException>(() => bench.Rulesets.RollBackAsync(older.Id, Request(), CancellationToken.None));
        var back = await bench.Rulesets.RollBackAsync("", Request(), CancellationToken.None);

        Assert.Equal(("a", RulesetState.Active, RulesetState.Reverted), (bench.InForce(), back.State, bench.StateOf(pending)));
        Assert.Empty(bench.Rulesets.ReadUntold());
        Assert.Null(bench.Commits.Pending);
    }

    [Fact]
    public async Task History_tells_who_when_why_and_what_newest_first()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        bench.Clock.Advance(TimeSpan.FromHours(1));
        await bench.ApplyAndConfirmAsync(With(Drop("a"), Drop("b")));

        var history = bench.Rulesets.List(long.MaxValue, 10);

        Assert.Equal([RulesetState.Active, RulesetState.Superseded, RulesetState.Superseded], history.Select(ruleset => ruleset.State));
        Assert.Equal(["alice", "alice", "router"], history.Select(ruleset => ruleset.Creator));
        Assert.Equal("test", history[0].Reason);
        Assert.Equal(SHA256.HashData("a Drop\nb Drop"u8), history[0].Sha256);
        Assert.Contains("+b Drop", history[0].Difference);
        Assert.True(history[0].ApplyTime - history[1].ApplyTime >= TimeSpan.FromHours(1));
        Assert.Equal("The default policy 'open'.", history[2].Reason);
    }

    [Fact]
    public async Task History_is_kept_to_its_bound()
    {
        using var bench = await RuleBench.OpenAsync();
        for (var round = 0; round < 5; round++)
        {
            bench.RulesetTable.Install(Past(bench, $"old-{round}"));
        }

        for (var round = 0; round < RulesetTable.MaxKept; round++)
        {
            bench.RulesetTable.Install(Past(bench, $"new-{round}"));
        }

        await bench.ApplyAndConfirmAsync(With(Drop("a")));

        var kept = bench.Rulesets.List(long.MaxValue, 2 * RulesetTable.MaxKept);
        Assert.Equal((RulesetTable.MaxKept, RulesetState.Active), (kept.Count, kept[0].State));
        Assert.DoesNotContain(kept, ruleset => ruleset.Id.StartsWith("old-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_default_policy_counts_until_something_was_applied()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Default = DefaultPolicy.Named(DefaultPolicy.TwoPorts);
        await bench.ReopenAsync();
        var first = bench.InForce();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));

        bench.Default = DefaultPolicy.Named(DefaultPolicy.RouterOnAStick);
        await bench.ReopenAsync();

        Assert.Equal(("masquerade", "a"), (first, bench.InForce()));
    }

    private static RulesetRequest Request() => new("bob", "back", RulesetBench.Window);

    private static Ruleset Past(RuleBench bench, string id) =>
        new(id, RulesetState.Active, bench.Clock.GetUtcNow(), bench.Clock.GetUtcNow(), "alice", "", "", [], PolicyWire.ToJson(House));
}
