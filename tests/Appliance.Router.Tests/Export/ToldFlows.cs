using Appliance.Router.Capture;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Export;

/// <summary>What a capture tells the export, in order: updates of flows, and flows that have ended.</summary>
internal sealed class ToldFlows : IFlowExport
{
    private readonly List<(Flow Flow, long? Time)> _told = [];

    public bool IsWanted => true;

    public IEnumerable<Flow> Ended => _told.Where(told => told.Time is null).Select(told => told.Flow);

    public int Count => _told.Count;

    public static ToldFlows Of(string file, TimeSpan activeInterval)
    {
        var told = new ToldFlows();
        var path = new PacketPath(new FlowOptions { ActiveInterval = activeInterval }, told, told);
        using var source = new CaptureFile(file);
        path.Run(source, CancellationToken.None);
        path.Finish();
        return told;
    }

    /// <summary>The records that the export makes of it.</summary>
    public IReadOnlyList<Flow> Records(TimeSpan activeInterval)
    {
        var deltas = new FlowDeltas(Options.Create(new FlowOptions { ActiveInterval = activeInterval }), Options.Create(new ExportOptions()));
        List<Flow> records = [];
        foreach (var (flow, time) in _told)
        {
            if (deltas.TryTake(new(flow, time ?? flow.EndTime), out var record))
            {
                records.Add(record);
            }
        }

        return records;
    }

    public void Accept(in FlowEvent flowEvent)
    {
        if (flowEvent.Kind == FlowEventKind.Updated)
        {
            _told.Add((flowEvent.Flow, flowEvent.Time));
        }
    }

    public void Accept(in Flow flow) => _told.Add((flow, null));

    public void Tell(IFlowExport export, Range range)
    {
        foreach (var (flow, time) in _told[range])
        {
            if (time is { } moment)
            {
                export.Accept(new FlowEvent(FlowEventKind.Updated, moment, flow, default));
            }
            else
            {
                export.Accept(flow);
            }
        }
    }
}
