using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Puts what is kept of the feeds in force at the start, and fetches each when it is due, one after the other.</summary>
internal sealed partial class FeedKeeper(FeedStore store, FeedFetcher fetcher, FeedNews news, TimeProvider clock, ILogger<FeedKeeper> logger) : BackgroundService
{
    // How long a feed that somebody took out of the kernel may go unnoticed where the kernel could not tell of it.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    /// <summary>The sets that rules name are there before the ruleset is applied.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        store.Load();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TryAsync(store.EnforceAsync, stoppingToken);
            while (true)
            {
                var (feeds, changed) = store.Snapshot;
                var (protection, touched) = (store.ProtectionChanged, store.Touched);
                foreach (var feed in feeds.Where(IsDue))
                {
                    await TryAsync(token => RefreshAsync(feed, token), stoppingToken);
                }

                await TryAsync(CheckAsync, stoppingToken);
                await WaitAsync(Task.WhenAny(changed, protection, touched), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The role stops; what is in force stays in force.
        }
    }

    private bool IsDue(Feed feed) => feed.Status.NextTime <= clock.GetUtcNow();

    private async Task RefreshAsync(Feed feed, CancellationToken token)
    {
        var outcome = await fetcher.FetchAsync(feed, token);
        if (await store.TakeAsync(feed, outcome, token) is { } taken)
        {
            news.Tell(feed, taken);
        }
    }

    private async Task CheckAsync(CancellationToken token)
    {
        foreach (var change in await store.CheckAsync(token))
        {
            news.Tell(change);
        }
    }

    // The changes that this loop made itself have woken it already; then it looks once more and finds nothing due.
    private async Task WaitAsync(Task changed, CancellationToken token)
    {
        var next = store.All.Select(feed => feed.Status.NextTime).Append(clock.GetUtcNow() + CheckInterval).Min() - clock.GetUtcNow();
        if (next <= TimeSpan.Zero)
        {
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAny(changed, Task.Delay(next, clock, either.Token));
        await either.CancelAsync();
        token.ThrowIfCancellationRequested();
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken token)
    {
        try
        {
            await work(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A full disk or a busy kernel must not end refreshing for good: it is told and tried again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFault(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Feeds could not be brought into force; it is tried again within half a minute.")]
    private partial void LogFault(Exception error);
}
