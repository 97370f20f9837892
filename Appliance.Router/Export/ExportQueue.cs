using System.Threading.Channels;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Export;

/// <summary>Carries flows from the packet's thread to the export.</summary>
/// <remarks>Ends are taken from the flow records: an ended event does not count the late packets that follow it.</remarks>
internal sealed class ExportQueue(IOptions<ExportOptions> options) : IFlowExport
{
    // The packet's thread never waits.
    private readonly Channel<ExportedFlow> _flows = Channel.CreateBounded<ExportedFlow>(
        new BoundedChannelOptions(options.Value.QueuedFlows) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private long _dropped;

    public bool IsWanted { get; } = options.Value.Collectors.Count > 0;

    public ChannelReader<ExportedFlow> Reader => _flows.Reader;

    /// <summary>Ended flows that found the queue full and are missing at every collector.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    public void Accept(in FlowEvent flowEvent)
    {
        // Nothing is lost with an update that finds no room: the next one, or the end, has all of its packets too.
        if (flowEvent.Kind == FlowEventKind.Updated)
        {
            _flows.Writer.TryWrite(new(flowEvent.Flow, flowEvent.Time));
        }
    }

    public void Accept(in Flow flow)
    {
        if (!_flows.Writer.TryWrite(new(flow, flow.EndTime)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete() => _flows.Writer.TryComplete();
}
