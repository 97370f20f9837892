using Appliance.Router.Flows;

namespace Appliance.Benchmarks.Traffic;

/// <summary>Counts events, so that nothing else than making them is measured.</summary>
internal sealed class NoSink : IFlowEventSink
{
    public long EventsCount { get; private set; }

    public void Accept(in FlowEvent flowEvent) => EventsCount++;
}
