using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>Tells the sinks what has happened.</summary>
internal sealed class FlowAnnouncer(IFlowEventSink events, IFlowRecordSink? records)
{
    public void Tell(FlowEventKind kind, in FlowEntry entry, long time)
    {
        var told = new FlowEvent(kind, time, entry.ToFlow(), default);
        events.Accept(told);
    }

    public void Tell(in Neighbor neighbor, long time)
    {
        var told = new FlowEvent(FlowEventKind.Neighbor, time, default, neighbor);
        events.Accept(told);
    }

    public void Record(in FlowEntry entry)
    {
        if (records is not null)
        {
            var flow = entry.ToFlow();
            records.Accept(flow);
        }
    }
}
