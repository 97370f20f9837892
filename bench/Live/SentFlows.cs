using Appliance.Benchmarks.Traffic;
using Appliance.Router.Flows;

namespace Appliance.Benchmarks.Live;

/// <summary>Counts the packets of the flows that were sent, as an interface that comes up sends some of its own.</summary>
internal sealed class SentFlows : IFlowRecordSink
{
    public long Packets { get; private set; }

    public void Accept(in Flow flow)
    {
        if (flow.Key.DestinationPort == Datagram.DestinationPort)
        {
            Packets += flow.PacketsOut;
        }
    }
}
