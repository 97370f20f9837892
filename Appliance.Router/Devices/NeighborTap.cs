using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;

namespace Appliance.Router.Devices;

/// <summary>Hands all events on, those of ARP and Neighbor Discovery to the inventory as well, and tells who is at odds over an address.</summary>
internal sealed class NeighborTap(IFlowEventSink next, SightingQueue sightings, AddressWatch addresses) : IFlowEventSink
{
    public void Accept(in FlowEvent flowEvent)
    {
        next.Accept(flowEvent);
        if (flowEvent.Kind != FlowEventKind.Neighbor)
        {
            return;
        }

        sightings.Accept(flowEvent.Neighbor, flowEvent.Time);
        if (addresses.Observe(flowEvent.Neighbor, flowEvent.Time) is { } conflict)
        {
            next.Accept(new FlowEvent(FlowEventKind.Fact, flowEvent.Time, default, default, conflict));
        }
    }
}
