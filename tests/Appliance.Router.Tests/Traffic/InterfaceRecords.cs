using Appliance.Router.Flows;

namespace Appliance.Router.Tests.Traffic;

/// <summary>Paths of an interface, and the flow records that they came to.</summary>
internal sealed class InterfaceRecords : IFlowRecordSink, IFlowEventSink
{
    private readonly Lock _gate = new();
    private readonly List<Flow> _records = [];

    public InterfaceRecords(string name, int threads)
    {
        var place = new TablePlace(name, IsOutside: false, new FlowOrdinals());
        Paths = [.. Enumerable.Range(0, threads).Select(_ => new PacketPath(new FlowOptions(), this, this, null, place))];
    }

    public IReadOnlyList<PacketPath> Paths { get; }

    /// <summary>The numbers that were seen, one that came twice twice.</summary>
    public List<int> Numbers => [.. _records
        .Where(flow => flow.Key.DestinationPort == NumberedFrames.NumberedPort)
        .SelectMany(flow => Enumerable.Repeat((int)((ulong)flow.Key.Source & 0xff_ffff), (int)flow.PacketsOut))];

    public List<Flow> SteadyFlows => [.. _records.Where(flow => flow.Key.DestinationPort == NumberedFrames.SteadyPort)];

    public void Accept(in Flow flow)
    {
        lock (_gate)
        {
            _records.Add(flow);
        }
    }

    public void Accept(in FlowEvent flowEvent)
    {
    }
}
