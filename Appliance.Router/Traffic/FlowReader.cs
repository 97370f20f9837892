using Appliance.Hosting.Errors;
using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>One reader's way through the ring: batches of events, what was missed before each, and the clock.</summary>
internal sealed class FlowReader(FlowEventRing ring, PacketPaths paths, TimeProvider clock)
{
    private const int MaxBatch = 512;

    // Text takes less on the wire than in memory, three bytes for two at the worst; a message has 4 MiB.
    private const int MaxBatchTextBytes = 1024 * 1024;

    // On a quiet network the clock alone is told this often.
    private static readonly TimeSpan ClockInterval = TimeSpan.FromMilliseconds(500);

    // Each wake-up costs the packet's thread a microsecond, so a busy stream is taken in batches.
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

    private readonly FlowEvent[] _events = new FlowEvent[MaxBatch];
    private long _next = ring.FirstSequence;
    private bool _isNewEpoch;
    private long _toldClock;

    // All events before the time have numbers up to the last.
    private (long Last, long Time) _mark;

    /// <summary>Goes on after an event that the reader has had.</summary>
    public void Resume(string epoch, long sequence)
    {
        if (epoch != ring.Epoch)
        {
            // All events of this epoch that are gone are lost to a reader that had followed the one before.
            _isNewEpoch = true;
            _next = 1;
            return;
        }

        if (sequence < 0 || sequence > ring.LastSequence)
        {
            throw new InvalidInputException("cursor.sequence", $"is {sequence}, the last event has {ring.LastSequence}; use the cursor of the last batch");
        }

        _next = sequence + 1;
    }

    /// <summary>Waits for events, or for the clock to have moved, and gives them.</summary>
    public async Task<FlowBatch> ReadAsync(CancellationToken token)
    {
        while (true)
        {
            // In this order: all events before the clock are in the ring then, and have numbers up to the last.
            var now = paths.Now;
            var last = ring.LastSequence;
            var wanted = _next;
            var count = ring.Read(ref _next, _events);
            if (count > 0 || now > _toldClock || _isNewEpoch)
            {
                return Take(wanted, count, now, last);
            }

            await Task.WhenAny(ring.WaitAsync(_next - 1), Task.Delay(ClockInterval, clock, token));
            token.ThrowIfCancellationRequested();
            await Task.Delay(BatchInterval, clock, token);
        }
    }

    private FlowBatch Take(long wanted, int count, long now, long last)
    {
        var first = _next;
        Cut(ref count);
        _next += count;
        _toldClock = Math.Max(_toldClock, ReadClock(count, now, last));
        var batch = new FlowBatch(_events.AsMemory(0, count), first, first - wanted, _isNewEpoch, _toldClock);
        _isNewEpoch = false;
        return batch;
    }

    // Leaves to the next batch what would make the message too large.
    private void Cut(ref int count)
    {
        var bytes = 0;
        for (var i = 0; i < count; i++)
        {
            bytes += _events[i].TextWeight;
            if (bytes > MaxBatchTextBytes && i > 0)
            {
                count = i;
                return;
            }
        }
    }

    // No event before it is still to come to this reader.
    private long ReadClock(int count, long now, long last)
    {
        if (_next > last)
        {
            return now;
        }

        if (paths.Count == 1)
        {
            // More is waiting, and none of it is earlier than the last of these.
            return Math.Min(now, _events[count - 1].Time);
        }

        // Several write, so what is waiting may be earlier: the clock moves when all has been read that was there when it was looked at.
        if (_next <= _mark.Last)
        {
            return 0;
        }

        var time = _mark.Time;
        _mark = (last, now);
        return time;
    }
}
