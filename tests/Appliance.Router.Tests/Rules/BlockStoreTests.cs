using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

[Trait("Category", "Slow")]
public sealed class BlockStoreTests
{
    [Fact]
    public async Task A_block_is_in_the_kernel_and_on_disk_when_it_returns()
    {
        using var bench = await RuleBench.OpenAsync();

        var block = await bench.Store.CreateAsync(Ask("203.0.113.7") with { AlertId = "alert-1" }, CancellationToken.None);

        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
        Assert.Equal([block], bench.Table.ReadLive());
        Assert.Equal((Start, Start + TimeSpan.FromHours(1), "alert-1", "alice"), (block.CreateTime, block.ExpireTime, block.AlertId, block.Creator));
    }

    [Fact]
    public async Task Block_ends_the_connections_of_all_addresses_of_its_target()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.AddressesOf = target => target.Kind == TargetKind.Mac ? [Target("10.0.0.7"), Target("fd00::7")] : [target];

        await bench.Store.CreateAsync(Ask("02:00:5e:00:53:07", 600), CancellationToken.None);
        await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);
        await bench.Store.CreateAsync(Ask("203.0.113.8", 600) with { IsDryRun = true }, CancellationToken.None);

        Assert.Equal(["10.0.0.7", "fd00::7", "203.0.113.7"], bench.Firewall.Ended);
    }

    [Fact]
    public async Task Blocking_what_is_blocked_extends_it_and_never_shortens()
    {
        using var bench = await RuleBench.OpenAsync();
        var first = await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(60));

        var longer = await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);
        var shorter = await bench.Store.CreateAsync(Ask("203.0.113.7", 5), CancellationToken.None);

        Assert.Equal((first.Id, first.Id), (longer.Id, shorter.Id));
        Assert.Equal((Start + TimeSpan.FromSeconds(660), longer.ExpireTime), (longer.ExpireTime, shorter.ExpireTime));
        Assert.Equal(longer.ExpireTime, bench.Firewall.ExpiryOf("203.0.113.7"));
        Assert.Single(bench.Store.All);
    }

    [Fact]
    public async Task A_drop_and_a_rate_limit_of_one_address_are_two_blocks()
    {
        using var bench = await RuleBench.OpenAsync();

        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        await bench.Store.CreateAsync(AskLimit("203.0.113.7"), CancellationToken.None);

        Assert.Equal(2, bench.Store.All.Count);
    }

    [Fact]
    public async Task Repeating_a_request_id_returns_the_first_block()
    {
        using var bench = await RuleBench.OpenAsync();
        var request = Ask("203.0.113.7") with { RequestId = "r1" };
        var first = await bench.Store.CreateAsync(request, CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.ReopenAsync();

        var again = await bench.Store.CreateAsync(request, CancellationToken.None);
        var others = await bench.Store.CreateAsync(request with { Creator = "bob" }, CancellationToken.None);

        Assert.Equal(first, again);
        Assert.Equal(Start + TimeSpan.FromMinutes(61), others.ExpireTime);
    }

    [Fact]
    public async Task Repeating_the_request_of_an_ended_block_does_not_bring_it_back()
    {
        using var bench = await RuleBench.OpenAsync();
        var request = Ask("203.0.113.7") with { RequestId = "r1" };
        var first = await bench.Store.CreateAsync(request, CancellationToken.None);
        await bench.Store.DeleteAsync(first.Id, CancellationToken.None);

        var again = await bench.Store.CreateAsync(request, CancellationToken.None);

        Assert.Equal(first.Id, again.Id);
        Assert.Empty(bench.Store.All);
        Assert.Empty(bench.Firewall.Held);
    }

    [Fact]
    public async Task An_expired_block_leaves_store_and_kernel()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7", 60), CancellationToken.None);
        await bench.Store.CreateAsync(Ask("203.0.113.8", 120), CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(60));

        await bench.Store.ExpireAsync(CancellationToken.None);

        Assert.Equal(["203.0.113.8"], bench.Store.All.Select(block => block.Target.ToString()));
        Assert.Equal(["203.0.113.8"], bench.Firewall.Held);
        Assert.Single(bench.Table.ReadLive());
    }

    [Fact]
    public async Task Blocks_that_a_killed_process_left_are_applied_again_with_the_time_they_have_left()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7", 60), CancellationToken.None);
        var kept = await bench.Store.CreateAsync(Ask("203.0.113.8", 3600), CancellationToken.None);
        bench.Firewall.Lose();
        bench.Clock.Advance(TimeSpan.FromMinutes(5));

        await bench.ReopenAsync();

        Assert.Equal([kept], bench.Store.All);
        Assert.Equal(["203.0.113.8"], bench.Firewall.Held);
        Assert.Equal(kept.ExpireTime, bench.Firewall.ExpiryOf("203.0.113.8"));
    }

    [Fact]
    public async Task Flushed_kernel_gets_everything_back_with_the_next_block()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        bench.Firewall.Lose();

        await bench.Store.CreateAsync(Ask("203.0.113.8"), CancellationToken.None);

        Assert.Equal(["203.0.113.7", "203.0.113.8"], bench.Firewall.Held);
    }

    [Fact]
    public async Task Expiry_in_a_flushed_kernel_brings_the_others_back()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        await bench.Store.CreateAsync(Ask("203.0.113.8", 60), CancellationToken.None);
        bench.Firewall.Lose();
        bench.Clock.Advance(TimeSpan.FromSeconds(60));

        await bench.Store.ExpireAsync(CancellationToken.None);

        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
        Assert.Single(bench.Store.All);
    }

    [Fact]
    public async Task Lifting_from_a_flushed_kernel_brings_the_others_back()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        var lifted = await bench.Store.CreateAsync(Ask("203.0.113.8"), CancellationToken.None);
        bench.Firewall.Lose();

        await bench.Store.DeleteAsync(lifted.Id, CancellationToken.None);

        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_kept_nowhere()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Firewall.Fault = new InvalidOperationException("no memory");

        var error = await Assert.ThrowsAsync<UnreachableException>(() => bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None));

        Assert.Contains("no memory", error.Message);
        Assert.Empty(bench.Store.All);
        Assert.Empty(bench.Table.ReadLive());
    }

    [Fact]
    public async Task Lifting_what_is_not_there_is_not_found()
    {
        using var bench = await RuleBench.OpenAsync();

        await Assert.ThrowsAsync<NotFoundException>(() => bench.Store.DeleteAsync("nothing", CancellationToken.None));
    }

    [Fact]
    public async Task A_dry_run_is_shown_and_kept_out_of_the_kernel()
    {
        using var bench = await RuleBench.OpenAsync();

        var block = await bench.Store.CreateAsync(Ask("203.0.113.7", 86400) with { IsDryRun = true }, CancellationToken.None);
        await bench.ReopenAsync();
        var isHeldDry = bench.Firewall.Held.Count > 0;
        var enforced = await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);

        Assert.False(bench.Enforcer.Holds(block));
        Assert.False(isHeldDry);
        Assert.Equal((block.Id, Start + TimeSpan.FromSeconds(600)), (enforced.Id, enforced.ExpireTime));
        Assert.True(bench.Enforcer.Holds(enforced));
        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_about_an_enforced_block()
    {
        using var bench = await RuleBench.OpenAsync();
        var enforced = await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);

        var dry = await bench.Store.CreateAsync(Ask("203.0.113.7", 86400) with { IsDryRun = true }, CancellationToken.None);

        Assert.Equal(enforced, dry);
    }

    [Fact]
    public async Task Of_several_requests_each_has_its_own_outcome_in_one_kernel_transaction()
    {
        using var bench = await RuleBench.OpenAsync();

        var outcomes = await bench.Store.CreateAllAsync([Ask("203.0.113.7"), Ask("192.0.2.1"), AskLimit("203.0.113.9"), Ask("203.0.113.7", 7200)], CancellationToken.None);

        Assert.Equal([true, false, true, true], outcomes.Select(outcome => outcome.Block is not null));
        Assert.IsType<BusyException>(outcomes[1].Refusal);
        Assert.Equal(1, bench.Firewall.Puts);
        Assert.Equal(Start + TimeSpan.FromHours(2), bench.Firewall.ExpiryOf("203.0.113.7"));
        Assert.Equal(2, bench.Store.All.Count);
    }

    [Fact]
    public async Task Watchers_see_what_stands_and_then_each_change()
    {
        using var bench = await RuleBench.OpenAsync();
        var first = await bench.Store.CreateAsync(Ask("203.0.113.7", 60), CancellationToken.None);
        using var watch = bench.Store.Watch();

        var second = await bench.Store.CreateAsync(Ask("203.0.113.8"), CancellationToken.None);
        await bench.Store.DeleteAsync(second.Id, CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(60));
        await bench.Store.ExpireAsync(CancellationToken.None);

        Assert.Equal([first], watch.Snapshot);
        Assert.Equal(
            [new BlockChange(second, null), new BlockChange(second, EndCause.Lifted), new BlockChange(first, EndCause.Expired)],
            [await watch.Changes.ReadAsync(), await watch.Changes.ReadAsync(), await watch.Changes.ReadAsync()]);
    }

    [Fact]
    public async Task A_damaged_file_is_put_aside_and_a_new_one_begun()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        bench.Damage();

        await bench.ReopenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.8"), CancellationToken.None);

        Assert.Equal(["203.0.113.8"], bench.Store.All.Select(block => block.Target.ToString()));
        Assert.Single(Directory.GetFiles(bench.Paths.State, "rules.db.damaged-*"));
    }
}
