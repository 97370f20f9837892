using Appliance.Detector.Flows;

namespace Appliance.Detector.Features;

/// <summary>What an event adds to the packets and bytes of a window.</summary>
/// <remarks>
/// The first packet each way is told at once, the rest when the flow is told of again, maybe a minute later: of growth over
/// more than a window only the window's share counts, else a steady stream would look like a burst each minute.
/// </remarks>
internal readonly record struct GrowthShare(double PacketsOut, double PacketsIn, double BytesOut, double BytesIn)
{
    private static readonly double Length = FeatureSchema.Window.TotalNanoseconds;

    public static GrowthShare Of(in FlowEvent told, in FlowGrowth growth) => told.Kind switch
    {
        FlowEventKind.Began => new GrowthShare(told.Flow.PacketsOut, 0, told.Flow.BytesOut, 0),
        FlowEventKind.Answered or FlowEventKind.Refused => new GrowthShare(0, told.Flow.PacketsIn, 0, told.Flow.BytesIn),
        FlowEventKind.Updated or FlowEventKind.Ended => Of(growth, told.Flow.State != FlowState.Unanswered),
        _ => default,
    };

    private static GrowthShare Of(in FlowGrowth growth, bool isAnswered)
    {
        var share = growth.Nanoseconds > Length ? Length / growth.Nanoseconds : 1;
        if (!growth.IsFirst)
        {
            return new GrowthShare(growth.PacketsOut * share, growth.PacketsIn * share, growth.BytesOut * share, growth.BytesIn * share);
        }

        // Growth leaves out the first packet out, but neither its bytes nor the first packet in: their part is taken off.
        var packetsIn = Math.Max(0, growth.PacketsIn - (isAnswered ? 1 : 0));
        var bytesOut = growth.BytesOut * (growth.PacketsOut / (growth.PacketsOut + 1.0));
        var bytesIn = growth.PacketsIn > 0 ? growth.BytesIn * (packetsIn / (double)growth.PacketsIn) : 0;
        return new GrowthShare(growth.PacketsOut * share, packetsIn * share, bytesOut * share, bytesIn * share);
    }
}
