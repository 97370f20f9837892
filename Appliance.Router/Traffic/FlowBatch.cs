using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>Events in order; valid until the reader reads on.</summary>
/// <remarks>The clock is that of the capture: no event before it is still to come.</remarks>
internal readonly record struct FlowBatch(ReadOnlyMemory<FlowEvent> Events, long FirstSequence, long MissedCount, bool IsNewEpoch, long ClockTime);
