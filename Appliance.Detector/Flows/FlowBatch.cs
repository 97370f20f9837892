namespace Appliance.Detector.Flows;

/// <summary>Some events in order, as the Router sends them.</summary>
/// <param name="Events">May be empty: the clock moves on quiet networks too.</param>
/// <param name="Cursor">Behind the last event.</param>
/// <param name="Missed">Events lost before the first of this batch.</param>
/// <param name="IsNewEpoch">The Router has restarted.</param>
/// <param name="ClockTime">The capture's clock, nanoseconds since 1970 UTC; 0 when not told.</param>
internal sealed record FlowBatch(IReadOnlyList<FlowEvent> Events, FlowCursor Cursor, ulong Missed, bool IsNewEpoch, long ClockTime)
{
    /// <summary>Before the first event.</summary>
    public FlowCursor Start => Cursor with { Sequence = Cursor.Sequence - Math.Min(Cursor.Sequence, (ulong)Events.Count) };

    /// <summary>How far the batch brings the capture's clock.</summary>
    public long Time => Math.Max(ClockTime, Events.Count > 0 ? Events[^1].Time : 0);
}
