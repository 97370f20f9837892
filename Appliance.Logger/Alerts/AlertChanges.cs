using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Appliance.Logger.Alerts;

/// <summary>Hands each changed alert to everyone who watches.</summary>
internal sealed class AlertChanges(Action<StoredAlert> dropped)
{
    // A page or a publisher that is this far behind catches up from the store;
    // the newest changes are the ones worth keeping.
    private const int Capacity = 1024;
    private readonly Lock _lock = new();
    private Channel<StoredAlert>[] _watchers = [];

    public void Publish(StoredAlert alert)
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            watcher.Writer.TryWrite(alert);
        }
    }

    /// <summary>Watches from the call on, not from the first read.</summary>
    public IAsyncEnumerable<StoredAlert> WatchAsync(CancellationToken token)
    {
        var watcher = Channel.CreateBounded(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped);
        lock (_lock)
        {
            _watchers = [.. _watchers, watcher];
        }

        return ReadAsync(watcher, token);
    }

    private async IAsyncEnumerable<StoredAlert> ReadAsync(Channel<StoredAlert> watcher, [EnumeratorCancellation] CancellationToken token)
    {
        try
        {
            await foreach (var alert in watcher.Reader.ReadAllAsync(token))
            {
                yield return alert;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers = [.. _watchers.Where(one => one != watcher)];
            }
        }
    }
}
