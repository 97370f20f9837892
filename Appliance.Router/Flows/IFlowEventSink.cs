namespace Appliance.Router.Flows;

/// <summary>Takes flow events in order, on the packet's thread: it must be quick and must not throw.</summary>
public interface IFlowEventSink
{
    void Accept(in FlowEvent flowEvent);
}
