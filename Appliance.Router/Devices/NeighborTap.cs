using Appliance.Router.Flows;

namespace Appliance.Router.Devices;

/// <summary>Hands all events on, and those of ARP and Neighbor Discovery to the inventory as well.</summary>
internal sealed class NeighborTap(IFlowEventSink next, SightingQueue sightings) : IFlowEventSink
{
    public void Accept(in FlowEvent flowEvent)
    {
        next.Accept(flowEvent);
        if (flowEvent.Kind == FlowEventKind.Neighbor)
        {
            sightings.Accept(flowEvent.Neighbor, flowEvent.Time);
        }
    }
}
