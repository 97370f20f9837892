using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Rules.Feeds;

[Trait("Category", "Slow")]
public sealed class FeedStoreTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 200).Select(host => $"198.51.100.{host}\n"));

    [Fact]
    public async Task New_feed_awaits_its_first_fetch_and_what_comes_is_in_force()
    {
        using var bench = await FeedBench.OpenAsync();

        var made = await bench.CreateAsync();
        var taken = await bench.TakeAsync(made, "198.51.100.7\n203.0.113.0/24\nbroken\n");

        Assert.Equal((FeedState.Fetching, bench.Clock.GetUtcNow()), (made.State, made.Status.NextTime));
        Assert.Equal((FeedState.Active, 2, 1), (taken.State, taken.Status.Entries, taken.Status.RejectedLines));
        Assert.Equal(bench.Clock.GetUtcNow(), taken.Status.FetchTime);
        Assert.Equal(["198.51.100.7/32", "203.0.113.0/24"], bench.Firewall.Held(made.Id));
    }

    [Fact]
    public async Task Restart_without_network_brings_the_last_good_content_back()
    {
        using var bench = await FeedBench.OpenAsync();
        var taken = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n2001:db8::/32\n");

        await bench.ReopenAsync();
        await bench.Store.EnforceAsync(CancellationToken.None);

        Assert.Equal(["198.51.100.7/32", "2001:db8::/32"], bench.Firewall.Held(taken.Id));
        Assert.Equal(taken with { Status = taken.Status with { NextTime = default } }, bench.Find(taken.Id) with { Status = bench.Find(taken.Id).Status with { NextTime = default } });
    }

    [Fact]
    public async Task Damaged_content_is_not_believed_and_fetched_anew()
    {
        using var bench = await FeedBench.OpenAsync();
        var taken = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");
        var bytes = await File.ReadAllBytesAsync(bench.KeptFile(taken.Id), TestContext.Current.CancellationToken);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(bench.KeptFile(taken.Id), bytes, TestContext.Current.CancellationToken);

        await bench.ReopenAsync();

        Assert.Equal(FeedState.Fetching, bench.Find(taken.Id).State);
        Assert.True(bench.Find(taken.Id).Status.Validators.IsEmpty);
        Assert.Equal(bench.Clock.GetUtcNow(), bench.Find(taken.Id).Status.NextTime);
    }

    [Theory]
    [InlineData("", "It holds nothing.")]
    [InlineData("<html>\n", "It is a web page, not a list.")]
    [InlineData("198.51.100.7\nx\ny\n", "2 of its 3 lines are none of the format, or name what no feed may hold.")]
    [InlineData("198.51.100.7\n198.51.100.8\n", "It shrank from 200 entries to 2, as a broken list does; if that is right, delete the feed and create it again.")]
    public async Task Bad_content_leaves_the_good_one_in_force_and_says_why(string text, string why)
    {
        using var bench = await FeedBench.OpenAsync();
        var good = await bench.TakeAsync(await bench.CreateAsync(), Long);
        bench.Clock.Advance(TimeSpan.FromHours(1));

        var stale = await bench.TakeAsync(good, text, "\"v2\"");

        Assert.Equal((FeedState.Stale, why, 200), (stale.State, stale.Status.Failure, stale.Status.Entries));
        Assert.Equal((good.Status.FetchTime, good.Status.Validators), (stale.Status.FetchTime, stale.Status.Validators));
        Assert.Equal(200, bench.Firewall.Held(good.Id)!.Count);
    }

    [Fact]
    public async Task Feed_that_is_too_long_is_refused_whole()
    {
        using var bench = await FeedBench.OpenAsync(new FeedOptions { MaxEntries = 200 });
        var good = await bench.TakeAsync(await bench.CreateAsync(), Long);

        var stale = await bench.TakeAsync(good, Long + "203.0.113.1\n");

        Assert.Equal("It has 201 addresses and networks, and Router:Feeds:MaxEntries lets a feed have 200.", stale.Status.Failure);
        Assert.DoesNotContain("203.0.113.1/32", bench.Firewall.Held(good.Id)!);
    }

    [Fact]
    public async Task Failures_wait_longer_and_longer_and_success_ends_them()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");
        var waits = new List<double>();

        for (var tries = 0; tries < 4; tries++)
        {
            feed = (await bench.Store.TakeAsync(feed, FetchOutcome.Failed("No answer."), CancellationToken.None))!;
            waits.Add((feed.Status.NextTime - bench.Clock.GetUtcNow()).TotalMinutes);
        }

        var fresh = (await bench.Store.TakeAsync(feed, FetchOutcome.Unchanged(feed.Status.Validators), CancellationToken.None))!;

        Assert.All(waits.Zip([1.0, 2, 4, 8]), wait => Assert.InRange(wait.First, wait.Second, wait.Second * 1.1));
        Assert.Equal((FeedState.Active, ""), (fresh.State, fresh.Status.Failure));
        Assert.InRange(fresh.Status.NextTime - bench.Clock.GetUtcNow(), TimeSpan.FromHours(21.6), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task Same_content_is_not_put_again()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");
        var before = bench.Firewall.Replaced;

        await bench.TakeAsync(feed, "# of today\n198.51.100.7\n", "\"v2\"");

        Assert.Equal(before, bench.Firewall.Replaced);
        Assert.Equal("\"v2\"", bench.Find(feed.Id).Status.Validators.EntityTag);
    }

    [Fact]
    public async Task Content_that_the_firewall_did_not_take_is_fetched_and_put_again()
    {
        using var bench = await FeedBench.OpenAsync();
        var made = await bench.CreateAsync();
        bench.Firewall.Fault = new RulesetRejectedException("The test's.");
        var refused = await bench.TakeAsync(made, "198.51.100.7\n");
        bench.Firewall.Fault = null;

        var taken = await bench.TakeAsync(refused, "198.51.100.7\n");

        Assert.Equal((FeedState.Stale, "The firewall did not take the feed: The test's."), (refused.State, refused.Status.Failure));
        Assert.True(refused.Status.Validators.IsEmpty);
        Assert.Equal(FeedState.Active, taken.State);
        Assert.Equal(["198.51.100.7/32"], bench.Firewall.Held(made.Id));
    }

    [Fact]
    public async Task Deleted_feed_is_out_of_force_at_once_and_for_good()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");

        await bench.Store.DeleteAsync(feed.Id, CancellationToken.None);
        var late = await bench.Store.TakeAsync(feed, FetchOutcome.Read(FeedText.Read(FeedFormat.Plain, "198.51.100.8\n"), FeedValidators.None), CancellationToken.None);
        await bench.ReopenAsync();
        await bench.Store.EnforceAsync(CancellationToken.None);

        Assert.Null(late);
        Assert.Null(bench.Firewall.Held(feed.Id));
        Assert.Empty(bench.Store.All);
        Assert.False(File.Exists(bench.KeptFile(feed.Id)));
        await Assert.ThrowsAsync<NotFoundException>(() => bench.Store.DeleteAsync(feed.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Disabled_feed_leaves_and_comes_back_with_what_it_had()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");

        var disabled = await bench.Store.UpdateAsync(new FeedEdit(feed.Id, "") { IsDisabled = true }, CancellationToken.None);
        var heldMeanwhile = bench.Firewall.Held(feed.Id);
        await bench.Store.UpdateAsync(new FeedEdit(feed.Id, "") { IsDisabled = false }, CancellationToken.None);

        Assert.Equal((FeedState.None, DateTimeOffset.MaxValue), (disabled.State, disabled.Status.NextTime));
        Assert.Null(heldMeanwhile);
        Assert.Equal(["198.51.100.7/32"], bench.Firewall.Held(feed.Id));
    }

    [Fact]
    public async Task Feed_from_another_source_keeps_the_old_content_until_the_new_one_is_there_however_short()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), Long);

        var moved = await bench.Store.UpdateAsync(new FeedEdit(feed.Id, "") { Url = "https://other.example/list" }, CancellationToken.None);
        var late = await bench.Store.TakeAsync(feed, FetchOutcome.Unchanged(feed.Status.Validators), CancellationToken.None);
        var heldMeanwhile = bench.Firewall.Held(feed.Id)!.Count;
        var taken = await bench.TakeAsync(moved, "203.0.113.9\n");

        Assert.Equal((FeedState.Fetching, bench.Clock.GetUtcNow()), (moved.State, moved.Status.NextTime));
        Assert.True(moved.Status.Validators.IsEmpty);
        Assert.Null(late);
        Assert.Equal(200, heldMeanwhile);
        Assert.Equal(FeedState.Active, taken.State);
        Assert.Equal(["203.0.113.9/32"], bench.Firewall.Held(feed.Id));
    }

    [Fact]
    public async Task Change_of_what_has_changed_meanwhile_is_refused()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.CreateAsync();
        var changed = await bench.Store.UpdateAsync(new FeedEdit(feed.Id, feed.Etag) { Name = "other" }, CancellationToken.None);

        await Assert.ThrowsAsync<StaleEtagException>(() => bench.Store.UpdateAsync(new FeedEdit(feed.Id, feed.Etag) { Name = "third" }, CancellationToken.None));
        await bench.TakeAsync(changed, "198.51.100.7\n");

        Assert.Equal(("other", changed.Etag), (bench.Find(feed.Id).Name, bench.Find(feed.Id).Etag));
    }

    [Fact]
    public async Task Repeated_request_makes_no_second_feed()
    {
        using var bench = await FeedBench.OpenAsync();

        var first = await bench.Store.CreateAsync(FeedBench.Edit("list"), "alice", "r1", CancellationToken.None);
        await bench.ReopenAsync();
        var again = await bench.Store.CreateAsync(FeedBench.Edit("list"), "alice", "r1", CancellationToken.None);
        var others = await bench.Store.CreateAsync(FeedBench.Edit("other"), "bob", "r1", CancellationToken.None);

        Assert.Equal(first.Id, again.Id);
        Assert.NotEqual(first.Id, others.Id);
        Assert.Equal(2, bench.Store.All.Count);
    }

    [Fact]
    public async Task Number_and_names_of_feeds_are_bounded()
    {
        using var bench = await FeedBench.OpenAsync(new FeedOptions { MaxFeeds = 2 });
        await bench.CreateAsync("one");

        var taken = await Assert.ThrowsAsync<BusyException>(() => bench.CreateAsync("ONE"));
        await bench.CreateAsync("two");
        var full = await Assert.ThrowsAsync<LimitExceededException>(() => bench.CreateAsync("three"));

        Assert.Equal(("FEED_NAME_TAKEN", "TOO_MANY_FEEDS"), (taken.Reason, full.Reason));
    }

    [Theory]
    [InlineData("http://lists.example/list", "feed.url")]
    [InlineData("ftp://lists.example/list", "feed.url")]
    [InlineData("lists.example", "feed.url")]
    [InlineData("", "feed.url")]
    [InlineData("https://alice:secret@lists.example/list", "feed.url")]
    [InlineData("file:///etc/passwd", "feed.url")]
    public async Task Source_that_may_not_be_is_refused_without_being_repeated(string url, string field)
    {
        using var bench = await FeedBench.OpenAsync();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Store.CreateAsync(FeedBench.Edit("list") with { Url = url }, "alice", "", CancellationToken.None));

        Assert.Equal([field], error.Faults.Select(fault => fault.Field));
        Assert.DoesNotContain("secret", error.Message);
    }

    [Fact]
    public async Task All_faults_of_a_feed_are_told_at_once()
    {
        using var bench = await FeedBench.OpenAsync();
        var edit = new FeedEdit("", "") { Name = " ", Url = "x", Format = FeedFormat.None, RefreshInterval = TimeSpan.FromMinutes(4) };

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Store.CreateAsync(edit, "alice", "", CancellationToken.None));

        Assert.Equal(["feed.format", "feed.name", "feed.refresh_interval", "feed.url"], error.Faults.Select(fault => fault.Field).Order());
    }

    [Fact]
    public async Task Feed_for_matching_is_a_set_of_the_ruleset_and_drops_nothing()
    {
        using var bench = await FeedBench.OpenAsync();
        var made = await bench.CreateAsync(isMatchOnly: true);
        var empty = Sets(bench);

        await bench.TakeAsync(made, "198.51.100.7\n203.0.113.0/25\n203.0.113.128/25\n");
        await bench.ReopenAsync();
        await bench.Rules.Store.ReconcileAsync(CancellationToken.None);

        Assert.Equal([$"{made.Id}:"], empty);
        Assert.Equal([$"{made.Id}: 198.51.100.7/32 203.0.113.0/24"], Sets(bench));
        Assert.Null(bench.Firewall.Held(made.Id));
    }

    [Fact]
    public async Task Feed_that_a_rule_in_force_names_stays()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.CreateAsync(isMatchOnly: true);
        var rule = new PolicyRule("r1", "", 1, new RuleMatch { DestinationFeeds = [feed.Id] }, RuleAction.Drop);
        await bench.Rules.Store.RestateAsync(state => state with { Policy = FirewallPolicy.Open with { Rules = [rule] } }, CancellationToken.None);

        var deleting = await Assert.ThrowsAsync<BusyException>(() => bench.Store.DeleteAsync(feed.Id, CancellationToken.None));
        var changing = await Assert.ThrowsAsync<BusyException>(() => bench.Store.UpdateAsync(new FeedEdit(feed.Id, "") { IsMatchOnly = false }, CancellationToken.None));
        var kept = Sets(bench);
        await bench.Rules.Store.RestateAsync(state => state with { Policy = FirewallPolicy.Open }, CancellationToken.None);
        await bench.Store.DeleteAsync(feed.Id, CancellationToken.None);

        Assert.Equal(("FEED_IN_USE", "FEED_IN_USE"), (deleting.Reason, changing.Reason));
        Assert.Equal([$"{feed.Id}:"], kept);
        Assert.Empty(Sets(bench));
    }

    [Fact]
    public async Task Feed_moves_between_matching_and_dropping()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");

        await bench.Store.UpdateAsync(new FeedEdit(feed.Id, "") { IsMatchOnly = true }, CancellationToken.None);
        var (setsThen, heldThen) = (Sets(bench), bench.Firewall.Held(feed.Id));
        await bench.Store.UpdateAsync(new FeedEdit(feed.Id, "") { IsMatchOnly = false }, CancellationToken.None);

        Assert.Equal([$"{feed.Id}: 198.51.100.7/32"], setsThen);
        Assert.Null(heldThen);
        Assert.Empty(Sets(bench));
        Assert.Equal(["198.51.100.7/32"], bench.Firewall.Held(feed.Id));
    }

    [Fact]
    public async Task Feeds_that_somebody_took_out_of_the_kernel_are_put_back()
    {
        using var bench = await FeedBench.OpenAsync();
        var feed = await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.7\n");
        bench.Firewall.Lose();

        await bench.Store.CheckAsync(CancellationToken.None);

        Assert.Equal(["198.51.100.7/32"], bench.Firewall.Held(feed.Id));
    }

    [Fact]
    public async Task Newly_protected_address_is_out_of_the_feeds_reach()
    {
        using var bench = await FeedBench.OpenAsync();
        await bench.TakeAsync(await bench.CreateAsync(), "198.51.100.0/24\n");

        bench.Rules.Protected.Create(Samples.Range("198.51.100.7"), "ours");
        await bench.Store.CheckAsync(CancellationToken.None);

        Assert.Contains(Samples.Range("198.51.100.7"), bench.Firewall.Protected);
    }

    [Fact]
    public async Task Names_of_all_feeds_in_hosts_format_are_told_and_their_changes()
    {
        using var bench = await FeedBench.OpenAsync();
        var names = new FeedNames(bench.Store);
        var hosts = await bench.Store.CreateAsync(FeedBench.Edit("one") with { Format = FeedFormat.Hosts }, "alice", "", CancellationToken.None);
        var others = await bench.Store.CreateAsync(FeedBench.Edit("two") with { Format = FeedFormat.Hosts }, "alice", "", CancellationToken.None);
        var (before, changed) = names.Read();

        await bench.TakeAsync(hosts, "0.0.0.0 ads.example tracker.example\n203.0.113.9 c2.example\n");
        await bench.TakeAsync(others, "0.0.0.0 ads.example zombie.example\n");

        Assert.Empty(before);
        Assert.True(changed.IsCompleted);
        Assert.Equal(["ads.example", "tracker.example", "zombie.example"], names.Read().Names);
        Assert.Equal((1, 2), (bench.Find(hosts.Id).Status.Entries, bench.Find(hosts.Id).Status.Names));
        Assert.Equal(["203.0.113.9/32"], bench.Firewall.Held(hosts.Id));
    }

    private static List<string> Sets(FeedBench bench) => [.. bench.Rules.Firewall.State.AddressSets
        .Select(set => $"{set.Id}: {string.Join(' ', set.Networks)}".TrimEnd(' '))];
}
