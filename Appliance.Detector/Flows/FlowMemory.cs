namespace Appliance.Detector.Flows;

/// <summary>Turns the totals that flow events carry into what is new since the event before.</summary>
/// <remarks>
/// Only flows that were updated are remembered; short ones, which are most, cost nothing. A flow forgotten because
/// the table was full is measured from its start again: its packets are then spread over its whole life, which
/// can hide a burst of it but never invents one. Its log-ins would count twice, so they count as none.
/// </remarks>
public sealed class FlowMemory(int capacity)
{
    private readonly BoundedTable<FlowIdentity, Totals> _flows = new(capacity);

    public long Evicted => _flows.Evicted;

    public FlowGrowth Measure(in FlowEvent flowEvent) => flowEvent.Kind switch
    {
        FlowEventKind.Began => new FlowGrowth(flowEvent.Flow.PacketsOut, 0, flowEvent.Flow.BytesOut, 0, 0, 0, 0, IsFirst: false),
        FlowEventKind.Updated => Update(flowEvent),
        FlowEventKind.Ended => End(flowEvent),
        _ => default,
    };

    private FlowGrowth Update(in FlowEvent flowEvent)
    {
        ref readonly var flow = ref flowEvent;
        ref var totals = ref _flows.Touch(Identity(flow.Flow), out var isNew);
        var wasForgotten = isNew && _flows.Evicted > 0;
        var growth = Difference(flow, isNew ? Totals.AtBeginning(flow.Flow, wasForgotten) : totals, isNew);
        totals = Totals.Of(flow);
        return growth;
    }

    private FlowGrowth End(in FlowEvent flowEvent)
    {
        var known = _flows.TryRemove(Identity(flowEvent.Flow), out var totals);
        return Difference(flowEvent, known ? totals : Totals.AtBeginning(flowEvent.Flow, _flows.Evicted > 0), !known);
    }

    private static FlowGrowth Difference(in FlowEvent flowEvent, in Totals before, bool isFirst)
    {
        ref readonly var flow = ref flowEvent;
        return new FlowGrowth(
            Math.Max(0, flow.Flow.PacketsOut - before.PacketsOut),
            Math.Max(0, flow.Flow.PacketsIn - before.PacketsIn),
            Math.Max(0, flow.Flow.BytesOut - before.BytesOut),
            Math.Max(0, flow.Flow.BytesIn - before.BytesIn),
            Math.Max(0, flow.Flow.LoginFailures - before.LoginFailures),
            Math.Max(0, flow.Flow.LoginSuccesses - before.LoginSuccesses),
            // The last packet, not the event: an idle flow is told of a minute after it fell silent.
            Math.Max(0, flow.Flow.EndTime - before.Time),
            isFirst);
    }

    private static FlowIdentity Identity(in Flow flow) => new(flow.Key, flow.StartTime);

    private readonly record struct FlowIdentity(FlowKey Key, long StartTime)
    {
        // Seeded by the framework: strangers choose addresses and ports.
        public override int GetHashCode() =>
            HashCode.Combine(Key.Source, Key.Destination, Key.SourcePort, Key.DestinationPort, Key.Protocol, StartTime);
    }

    private readonly record struct Totals(long PacketsOut, long PacketsIn, long BytesOut, long BytesIn, int LoginFailures, int LoginSuccesses, long Time)
    {
        public static Totals Of(in FlowEvent flowEvent) => new(
            flowEvent.Flow.PacketsOut,
            flowEvent.Flow.PacketsIn,
            flowEvent.Flow.BytesOut,
            flowEvent.Flow.BytesIn,
            flowEvent.Flow.LoginFailures,
            flowEvent.Flow.LoginSuccesses,
            flowEvent.Flow.EndTime);

        // The first packet was told of when the flow began.
        public static Totals AtBeginning(in Flow flow, bool wasForgotten) => new(
            1,
            0,
            0,
            0,
            wasForgotten ? flow.LoginFailures : 0,
            wasForgotten ? flow.LoginSuccesses : 0,
            flow.StartTime);
    }
}
