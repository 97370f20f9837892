using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>The last known slots, and their changes for whoever watches.</summary>
internal sealed class SlotFeed
{
    // Four slots change a few times a minute at most; who is 64 changes behind reads no more.
    private const int Backlog = 64;

    private readonly Lock _gate = new();
    private readonly HashSet<Channel<Slot>> _watchers = [];
    private readonly int _maxWatchers;
    private readonly Counter<long> _cut;
    private IReadOnlyList<Slot> _current = [.. SlotNumber.All.Select(slot => new Slot(slot, SlotState.Unreachable, "", "", null))];

    public SlotFeed(IOptions<SlotOptions> options, IMeterFactory meters, RunningRole running)
    {
        _maxWatchers = options.Value.MaxWatchers;
        _cut = meters.Create(running.MeterName).CreateCounter<long>(
            "appliance.slots.watchers.cut", "{watcher}", "Watchers of the slots that were cut off since they did not keep up.");
    }

    public IReadOnlyList<Slot> Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Takes a new reading of all slots and passes on what differs.</summary>
    public void Publish(IReadOnlyList<Slot> slots)
    {
        lock (_gate)
        {
            foreach (var slot in slots.Where(slot => slot.DiffersFrom(_current[slot.Number.Index])))
            {
                Send(slot);
            }

            _current = slots;
        }
    }

    /// <summary>All slots, then every change. A reader that does not keep up is cut off: it would miss changes otherwise.</summary>
    public async IAsyncEnumerable<Slot> WatchAsync([EnumeratorCancellation] CancellationToken token)
    {
        var (snapshot, changes) = Join();
        try
        {
            foreach (var slot in snapshot)
            {
                yield return slot;
            }

            await foreach (var slot in changes.Reader.ReadAllAsync(token))
            {
                yield return slot;
            }
        }
        finally
        {
            Leave(changes);
        }
    }

    private (IReadOnlyList<Slot> Snapshot, Channel<Slot> Changes) Join()
    {
        // Wait mode, so that a full channel refuses and its reader can be told.
        var changes = Channel.CreateBounded<Slot>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        lock (_gate)
        {
            if (_watchers.Count >= _maxWatchers)
            {
                throw new LimitExceededException(
                    "TOO_MANY_WATCHERS",
                    $"{_watchers.Count} watchers read the slots already; end one or raise {SlotOptions.Section}:{nameof(SlotOptions.MaxWatchers)}.");
            }

            _watchers.Add(changes);
            return (_current, changes);
        }
    }

    private void Leave(Channel<Slot> changes)
    {
        lock (_gate)
        {
            _watchers.Remove(changes);
        }
    }

    private void Send(Slot slot)
    {
        foreach (var slow in _watchers.Where(watcher => !watcher.Writer.TryWrite(slot)).ToList())
        {
            _watchers.Remove(slow);
            _cut.Add(1);
            slow.Writer.TryComplete(new LimitExceededException("SLOW_READER", $"The reader was {Backlog} changes behind; watch again for the slots as they are."));
        }
    }
}
