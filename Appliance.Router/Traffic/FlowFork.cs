using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>Hands all events on twice.</summary>
internal sealed class FlowFork(IFlowEventSink first, IFlowEventSink second) : IFlowEventSink
{
    public void Accept(in FlowEvent flowEvent)
    {
        first.Accept(flowEvent);
        second.Accept(flowEvent);
    }
}
