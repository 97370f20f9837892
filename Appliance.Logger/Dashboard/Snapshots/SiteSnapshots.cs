using Appliance.Hosting.Configuration;
using Appliance.Logger.Alerts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>Looks at the site once a second, once for all open pages, and hands each the same snapshot.</summary>
/// <remarks>Rendering per event would let a burst of alerts decide the load of the Logger; at 1 Hz the clock does.</remarks>
internal sealed partial class SiteSnapshots(
    AlertStore alerts, SiteView site, IOptions<NodeOptions> node, TimeProvider clock, ILogger<SiteSnapshots> logger) : BackgroundService
{
    /// <summary>Alerts on one page of the inbox.</summary>
    public const int PageSize = 25;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Alerts close by the passing of time too, without a change in the store.
    private static readonly TimeSpan LongestUncounted = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Func<SiteSnapshot, Task>[] _pages = [];
    private long _changes = 1;
    private DateTimeOffset _countTime;
    private SiteSnapshot? _current;

    /// <summary>The latest snapshot; the first is taken when the first page asks.</summary>
    public SiteSnapshot Current => Volatile.Read(ref _current) ?? Refresh();

    /// <summary>Hands on every snapshot from now on, until disposed of. The receiver must not block.</summary>
    public IDisposable Subscribe(Func<SiteSnapshot, Task> receive)
    {
        lock (_lock)
        {
            _pages = [.. _pages, receive];
        }

        return new Subscription(this, receive);
    }

    /// <summary>Takes a snapshot now.</summary>
    internal SiteSnapshot Refresh()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var before = _current;
            var version = Interlocked.Read(ref _changes);
            var changed = before is null || before.AlertsVersion != version;
            var counts = before?.OpenAlerts;
            if (changed || now - _countTime >= LongestUncounted)
            {
                counts = alerts.CountBySeverity();
                _countTime = now;
            }

            var newest = changed ? alerts.List(new AlertQuery { Limit = PageSize + 1 }) : before!.Newest;
            var snapshot = new SiteSnapshot(
                now, node.Value.Site, site.Nodes(), site.Blocks(), site.AreBlocksCurrent, site.Rates(), counts!, newest, version);
            Volatile.Write(ref _current, snapshot);
            return snapshot;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = WatchAlertsAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Publish();
            }
        }
        catch (OperationCanceledException)
        {
            await watch;
        }
    }

    private async Task WatchAlertsAsync(CancellationToken token)
    {
        try
        {
            await foreach (var _ in alerts.WatchAsync(token))
            {
                Interlocked.Increment(ref _changes);
            }
        }
        catch (OperationCanceledException)
        {
            // The Logger stops.
        }
    }

    private void Publish()
    {
        // Nobody looks: nothing to read from disk.
        if (Volatile.Read(ref _pages) is not { Length: > 0 } pages)
        {
            Volatile.Write(ref _current, null);
            return;
        }

        try
        {
            var snapshot = Refresh();
            foreach (var receive in pages)
            {
                _ = HandAsync(receive, snapshot);
            }
        }
        catch (SqliteException error)
        {
            // The pages keep what they show; the next second tries again.
            LogFailed(error);
        }
    }

    private async Task HandAsync(Func<SiteSnapshot, Task> receive, SiteSnapshot snapshot)
    {
        try
        {
            await receive(snapshot);
        }
        catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // A page that was closed meanwhile must not keep the others waiting.
            LogPageGone(error);
        }
    }

    private void Unsubscribe(Func<SiteSnapshot, Task> receive)
    {
        lock (_lock)
        {
            _pages = [.. _pages.Where(page => page != receive)];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dashboard's snapshot could not be taken.")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A page was closed before it took its snapshot.")]
    private partial void LogPageGone(Exception error);

    private sealed class Subscription(SiteSnapshots snapshots, Func<SiteSnapshot, Task> receive) : IDisposable
    {
        public void Dispose() => snapshots.Unsubscribe(receive);
    }
}
