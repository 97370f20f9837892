namespace Appliance.Detector.Flows;

/// <summary>Remembers where in the stream the last minutes began, so that a restart can go back to there.</summary>
/// <remarks>What detectors hold in memory is lost with the process; five minutes of events bring nearly all of it back.</remarks>
internal sealed class FlowTrail
{
    /// <summary>As long as the longest window in which a detector decides quickly.</summary>
    private const long Length = 300_000_000_000;

    private const long Step = 10_000_000_000;

    private readonly Queue<(long Time, FlowCursor Cursor)> _marks = [];
    private FlowCursor? _first;
    private long _lastMark;

    /// <summary>Where to go on now.</summary>
    public FlowCursor? Current { get; private set; }

    public ulong SeenSequence { get; private set; }

    /// <summary>What to keep on disk; null before anything was seen.</summary>
    public FlowPlace? Place => Current is null ? null : new FlowPlace(_first ?? Current, SeenSequence);

    /// <summary>True when the batch holds events that were seen before a restart.</summary>
    public bool IsRepeated(FlowBatch batch) => !batch.IsNewEpoch && batch.Cursor.Epoch == Current?.Epoch && batch.Start.Sequence < SeenSequence;

    /// <summary>Takes up the place of before a restart.</summary>
    public void Resume(FlowPlace place)
    {
        (Current, _first, SeenSequence) = (place.Cursor, place.Cursor, place.SeenSequence);
    }

    /// <summary>Follows a batch; tells how many events are lost that were not seen before a restart.</summary>
    public ulong Follow(FlowBatch batch)
    {
        if (batch.IsNewEpoch || batch.Cursor.Epoch != Current?.Epoch)
        {
            _marks.Clear();
            (_first, SeenSequence, _lastMark) = (batch.Start, 0, 0);
        }

        var known = SeenSequence > (Current?.Sequence ?? 0) && !batch.IsNewEpoch ? SeenSequence - Current!.Sequence : 0;
        Current = batch.Cursor;
        SeenSequence = Math.Max(SeenSequence, batch.Cursor.Sequence);
        Mark(batch.Time);
        return batch.Missed > known ? batch.Missed - known : 0;
    }

    private void Mark(long time)
    {
        if (_marks.Count == 0 || time - _lastMark >= Step)
        {
            _marks.Enqueue((time, Current!));
            _lastMark = time;
        }

        while (_marks.TryPeek(out var oldest) && time - oldest.Time > Length)
        {
            _first = _marks.Dequeue().Cursor;
        }
    }
}
