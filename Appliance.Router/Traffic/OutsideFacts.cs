using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>Puts facts of the provider's side among the flow events, in their order; of devices they tell nothing.</summary>
internal sealed class OutsideFacts(IFlowEventSink next) : IFactSink
{
    public void Accept(Fact fact, long time) => next.Accept(new FlowEvent(FlowEventKind.Fact, time, default, default, fact));
}
