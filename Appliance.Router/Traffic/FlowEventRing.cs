using System.Numerics;
using Appliance.Router.Flows;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Traffic;

/// <summary>The last flow events, numbered. Threads write in turns and never wait for a reader; any number read, and are told what they have missed.</summary>
internal sealed class FlowEventRing : IFlowEventSink
{
    private readonly FlowEvent[] _events;
    private readonly long _mask;
    private readonly int _maxTextBytes;

    // One at a time writes. A packet gives an event only now and then, so writers seldom meet, and a write takes some twenty nanoseconds:
    // a flag does, which costs about ten more, a lock forty.
    private int _isWriting;
    private long _textBytes;
    private long _leftOut;
    private long _last;
    private TaskCompletionSource? _waiting;

    public FlowEventRing(IOptions<TrafficOptions> options)
    {
        _events = new FlowEvent[BitOperations.RoundUpToPowerOf2((uint)options.Value.RingEvents)];
        _mask = _events.Length - 1;
        _maxTextBytes = options.Value.RingTextBytes;
    }

    /// <summary>Names this stream of numbers; another one after each start.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Number of the last event; the first has 1.</summary>
    public long LastSequence => Volatile.Read(ref _last);

    /// <summary>Number of the oldest event that can still be read.</summary>
    public long FirstSequence => FirstHeld(LastSequence);

    public int Capacity => _events.Length;

    /// <summary>Facts, and what flows have said, that were left out since those held took all the room that texts may take.</summary>
    public long LeftOutTextsCount => Interlocked.Read(ref _leftOut);

    public void Accept(in FlowEvent flowEvent)
    {
        var weight = flowEvent.TextWeight;
        if (weight > 0 && !TryHold(weight))
        {
            // A fact is left out, a flow told without what it has said.
            if (flowEvent.Fact is null)
            {
                Accept(flowEvent with { Flow = flowEvent.Flow with { FirstBytes = null } });
            }

            return;
        }

        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
        {
            WaitForTurn();
        }

        var sequence = _last + 1;
        ref var place = ref _events[sequence & _mask];
        var weightBefore = place.TextWeight;
        if (weightBefore > 0)
        {
            Interlocked.Add(ref _textBytes, -weightBefore);
        }

        place = flowEvent;
        Volatile.Write(ref _last, sequence);
        Volatile.Write(ref _isWriting, 0);

        if (Volatile.Read(ref _waiting) is not null)
        {
            Wake();
        }
    }

    /// <summary>Copies events from the given number on and gives how many; the number moves up to the first that is still held.</summary>
    public int Read(ref long sequence, Span<FlowEvent> events)
    {
        while (true)
        {
            var last = LastSequence;
            sequence = Math.Max(sequence, FirstHeld(last));
            var count = (int)Math.Min(events.Length, last - sequence + 1);
            for (var i = 0; i < count; i++)
            {
                events[i] = _events[(sequence + i) & _mask];
            }

            // Writers do not wait for readers. What they have overwritten meanwhile may be torn, so then all is read again.
            Interlocked.MemoryBarrier();
            if (sequence >= FirstHeld(LastSequence))
            {
                return Math.Max(count, 0);
            }
        }
    }

    /// <summary>Returns when there is an event after the given number.</summary>
    public Task WaitAsync(long sequence)
    {
        var waiting = Volatile.Read(ref _waiting);
        if (waiting is null)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = Interlocked.CompareExchange(ref _waiting, mine, null) ?? mine;
        }

        // An event that came before the writer could see that somebody waits.
        Interlocked.MemoryBarrier();
        return LastSequence > sequence ? Task.CompletedTask : waiting.Task;
    }

    // Texts may be a hundred times the size of a flow, and senders choose them.
    private bool TryHold(int weight)
    {
        if (Interlocked.Add(ref _textBytes, weight) <= _maxTextBytes)
        {
            return true;
        }

        Interlocked.Add(ref _textBytes, -weight);
        Interlocked.Increment(ref _leftOut);
        return false;
    }

    // The place after the last is the one that a writer may be writing to.
    private long FirstHeld(long last) => Math.Max(1, last + 2 - _events.Length);

    private void WaitForTurn()
    {
        var spin = default(SpinWait);
        while (Interlocked.Exchange(ref _isWriting, 1) != 0)
        {
            spin.SpinOnce();
        }
    }

    private void Wake() => Interlocked.Exchange(ref _waiting, null)?.SetResult();
}
