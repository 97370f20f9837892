using Appliance.Router.Decoding.Facts;
using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;

namespace Appliance.Router.Devices;

/// <summary>Puts facts among the flow events, in their order, and hands those that tell of devices to the inventory as well.</summary>
internal sealed class FactTap(IFlowEventSink next, SightingQueue sightings, AddressWatch addresses) : IFactSink
{
    public void Accept(Fact fact, long time)
    {
        Tell(fact, time);
        sightings.Accept(fact);
        if (addresses.Observe(fact, time) is { } conflict)
        {
            Tell(conflict, time);
        }
    }

    private void Tell(Fact fact, long time) => next.Accept(new FlowEvent(FlowEventKind.Fact, time, default, default, fact));
}
