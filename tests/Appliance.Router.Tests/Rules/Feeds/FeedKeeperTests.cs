using Appliance.Hosting.Events;
using Appliance.Router.Rules.Feeds;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Router.Tests.Rules.Feeds;

public sealed class FeedKeeperTests : IAsyncLifetime
{
    private FeedBench _bench = null!;
    private FeedFetcher _fetcher = null!;
    private readonly LineLogger<FeedNews> _news = new();
    private FeedKeeper _keeper = null!;

    private string Source => Path.Combine(_bench.Sources, "list");

    public async ValueTask InitializeAsync()
    {
        _bench = await FeedBench.OpenAsync();
        _fetcher = _bench.OpenFetcher();
        _keeper = new FeedKeeper(_bench.Store, _fetcher, new FeedNews(new EventLog(_bench.Clock), _news), _bench.Clock, NullLogger<FeedKeeper>.Instance);
    }

    [Fact]
    public async Task Feed_is_fetched_when_it_is_made_and_when_it_is_due()
    {
        await File.WriteAllTextAsync(Source, "198.51.100.7\n", TestContext.Current.CancellationToken);
        await _keeper.StartAsync(CancellationToken.None);

        var feed = await CreateAsync();
        await UntilAsync(() => _bench.Firewall.Held(feed.Id) is ["198.51.100.7/32"], TimeSpan.Zero);
        await File.WriteAllTextAsync(Source, "198.51.100.8\n203.0.113.0/24\n", TestContext.Current.CancellationToken);
        await UntilAsync(() => _bench.Firewall.Held(feed.Id) is ["198.51.100.8/32", "203.0.113.0/24"], TimeSpan.FromMinutes(1));

        var age = _bench.Clock.GetUtcNow() - Samples.Start;
        Assert.True(age >= TimeSpan.FromHours(0.9), $"It was fetched again after {age}.");
    }

    [Fact]
    public async Task Feed_that_goes_stale_is_told_once_and_so_is_its_recovery()
    {
        await _keeper.StartAsync(CancellationToken.None);

        var feed = await CreateAsync();
        await UntilAsync(() => _bench.Find(feed.Id).Status.FailureCount >= 3, TimeSpan.FromMinutes(1));
        await File.WriteAllTextAsync(Source, "198.51.100.7\n", TestContext.Current.CancellationToken);
        await UntilAsync(() => _bench.Find(feed.Id).State == FeedState.Active, TimeSpan.FromMinutes(1));
        await UntilAsync(() => _news.Lines.Count >= 2, TimeSpan.Zero);

        Assert.Equal([LogLevel.Warning, LogLevel.Information], _news.Lines.Select(line => line.Level));
        Assert.Contains("is stale: Could not find file", _news.Lines.First().Text);
        Assert.Contains("is fresh again", _news.Lines.Last().Text);
    }

    [Fact]
    public async Task Feeds_kept_from_before_are_in_force_without_a_fetch()
    {
        var feed = await _bench.TakeAsync(await CreateAsync(), "198.51.100.7\n");
        _bench.Firewall.Lose();

        await _keeper.StartAsync(CancellationToken.None);

        await UntilAsync(() => _bench.Firewall.Held(feed.Id) is ["198.51.100.7/32"], TimeSpan.Zero);
    }

    [Fact]
    public async Task Newly_protected_addresses_are_out_of_reach_before_any_time_has_passed()
    {
        var feed = await _bench.TakeAsync(await CreateAsync(), "198.51.100.7\n198.51.100.8\n");
        await _keeper.StartAsync(CancellationToken.None);
        await UntilAsync(() => _bench.Firewall.Held(feed.Id) is { Count: 2 }, TimeSpan.Zero);

        // The second finds the keeper waiting for its clock, which stands still.
        foreach (var address in (string[])["198.51.100.7", "198.51.100.8"])
        {
            _bench.Rules.Protected.Create(Samples.Range(address), "ours");
            await UntilAsync(() => _bench.Firewall.Protected.Contains(Samples.Range(address)), TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Firewall_that_fails_ends_nothing()
    {
        await File.WriteAllTextAsync(Source, "198.51.100.7\n", TestContext.Current.CancellationToken);
        var feed = await CreateAsync();
        _bench.Firewall.Fault = new InvalidOperationException("The test's.");
        await _keeper.StartAsync(CancellationToken.None);
        await UntilAsync(() => _bench.Find(feed.Id).State == FeedState.Stale, TimeSpan.Zero);

        _bench.Firewall.Fault = null;

        await UntilAsync(() => _bench.Find(feed.Id).State == FeedState.Active && _bench.Firewall.Held(feed.Id) is ["198.51.100.7/32"], TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _keeper.StopAsync(CancellationToken.None);
        _keeper.Dispose();
        _fetcher.Dispose();
        _bench.Dispose();
    }

    private Task<Feed> CreateAsync() => _bench.Store.CreateAsync(
        FeedBench.Edit("list") with { Url = "file://" + Source, RefreshInterval = TimeSpan.FromHours(1) }, "alice", "", CancellationToken.None);

    // The keeper works on other threads, and its timer may begin after an advance; time goes on until its work is done.
    private async Task UntilAsync(Func<bool> isDone, TimeSpan step)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!isDone())
        {
            guard.Token.ThrowIfCancellationRequested();
            _bench.Clock.Advance(step);
            await Task.Yield();
        }
    }
}
