using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Turns the totals of flow events into gains; it holds what the flow table holds, so its cap is that table's.</summary>
internal sealed class FlowGains
{
    private readonly Dictionary<(FlowKey Key, long Start), Flow> _last = [];

    public Gain Measure(in FlowEvent flowEvent)
    {
        if (flowEvent.Kind == FlowEventKind.Neighbor)
        {
            return default;
        }

        var flow = flowEvent.Flow;
        var identity = (flow.Key, flow.StartTime);
        var isKnown = _last.TryGetValue(identity, out var before);
        if (flowEvent.Kind == FlowEventKind.Ended)
        {
            _last.Remove(identity);
        }
        else
        {
            _last[identity] = flow;
        }

        return isKnown
            ? new Gain(flow.PacketsOut - before.PacketsOut, flow.PacketsIn - before.PacketsIn, flow.LoginFailures - before.LoginFailures, flow.EndTime - before.EndTime)
            : new Gain(flow.PacketsOut, flow.PacketsIn, flow.LoginFailures, flow.EndTime - flow.StartTime);
    }
}
