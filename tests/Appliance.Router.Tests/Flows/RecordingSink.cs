using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;

namespace Appliance.Router.Tests.Flows;

/// <summary>Keeps every event, record and fact that it is given.</summary>
internal sealed class RecordingSink : IFlowEventSink, IFlowRecordSink, IFactSink
{
    public List<FlowEvent> Events { get; } = [];

    public List<Flow> Records { get; } = [];

    public List<Fact> Facts { get; } = [];

    /// <summary>What the capture's clock said at each fact.</summary>
    public List<long> FactTimes { get; } = [];

    public IEnumerable<FlowEventKind> Kinds => Events.Select(told => told.Kind);

    public void Accept(in FlowEvent flowEvent) => Events.Add(flowEvent);

    public void Accept(in Flow flow) => Records.Add(flow);

    public void Accept(Fact fact, long time)
    {
        Facts.Add(fact);
        FactTimes.Add(time);
    }
}
