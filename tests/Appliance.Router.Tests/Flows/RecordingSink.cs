using Appliance.Router.Flows;

namespace Appliance.Router.Tests.Flows;

/// <summary>Keeps every event and record that it is given.</summary>
internal sealed class RecordingSink : IFlowEventSink, IFlowRecordSink
{
    public List<FlowEvent> Events { get; } = [];

    public List<Flow> Records { get; } = [];

    public IEnumerable<FlowEventKind> Kinds => Events.Select(told => told.Kind);

    public void Accept(in FlowEvent flowEvent) => Events.Add(flowEvent);

    public void Accept(in Flow flow) => Records.Add(flow);
}
