using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Detector.Alerts;

/// <summary>Follows the store for one reader: what is there, the end of that, then each change.</summary>
/// <remarks>
/// There is no queue a reader: a slow one is told the latest revision of what changed meanwhile, and one that takes nothing for
/// <see cref="AlertOptions.SlowWatcherTime"/> is cut off. So a thousand watchers hold a page each, whatever an attack raises.
/// </remarks>
internal sealed class AlertWatch(AlertStore store, IOptions<AlertOptions> options, TimeProvider clock)
{
    private const int PageSize = 128;

    /// <param name="afterRevision">One that the store has not reached belongs to a file that is gone: then all is sent.</param>
    /// <param name="send">Gets each alert, and null for the end of what there was.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async Task SendAsync(ulong afterRevision, Func<Alert?, Task> send, CancellationToken cancellationToken)
    {
        var revision = afterRevision > (ulong)store.LastRevision ? 0 : (long)afterRevision;
        var isSnapshot = true;
        while (true)
        {
            // Taken before the look at the store, so that a change in between wakes this reader.
            var changed = store.ChangedAsync();
            var page = store.ReadAfter(revision, PageSize);
            foreach (var alert in page)
            {
                await SendInTimeAsync(send(alert), cancellationToken);
                revision = alert.Revision;
            }

            if (page.Count > 0)
            {
                continue;
            }

            if (isSnapshot)
            {
                isSnapshot = false;
                await SendInTimeAsync(send(null), cancellationToken);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async Task SendInTimeAsync(Task sending, CancellationToken cancellationToken)
    {
        try
        {
            await sending.WaitAsync(options.Value.SlowWatcherTime, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new LimitExceededException(
                "SLOW_WATCHER",
                $"The watcher took no alert for {options.Value.SlowWatcherTime}; watch again behind the last revision received.");
        }
    }
}
