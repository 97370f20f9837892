using Appliance.Detector;
using Appliance.Router.Flows;
using Detected = Appliance.Detector.Flows;

namespace Appliance.Analysis;

/// <summary>Hands the Router's flow events to the detectors in the same process, as WatchFlows does between two.</summary>
internal sealed class EventBridge(DetectionPath detectors) : IFlowEventSink
{
    public void Accept(in FlowEvent flowEvent)
        => detectors.Observe(Map(flowEvent));

    public static Detected.FlowEvent Map(in FlowEvent flowEvent)
        => new((Detected.FlowEventKind)flowEvent.Kind, flowEvent.Time, Map(flowEvent.Flow), Map(flowEvent.Neighbor));

    private static Detected.Flow Map(in Flow flow) => new()
    {
        Key = new Detected.FlowKey(flow.Key.Source, flow.Key.Destination, flow.Key.SourcePort, flow.Key.DestinationPort, flow.Key.Protocol),
        IsIPv4 = flow.IsIPv4,
        SourceMac = new Detected.MacAddress(flow.SourceMac.Value),
        DestinationMac = new Detected.MacAddress(flow.DestinationMac.Value),
        VlanId = flow.VlanId,
        StartTime = flow.StartTime,
        EndTime = flow.EndTime,
        PacketsOut = flow.PacketsOut,
        BytesOut = flow.BytesOut,
        PacketsIn = flow.PacketsIn,
        BytesIn = flow.BytesIn,
        TcpFlagsOut = flow.TcpFlagsOut,
        TcpFlagsIn = flow.TcpFlagsIn,
        State = (Detected.FlowState)flow.State,
        EndReason = (Detected.EndReason)flow.EndReason,
        Application = (Detected.ApplicationKind)flow.Application,
        LoginFailures = flow.LoginFailures,
        LoginSuccesses = flow.LoginSuccesses,
        IsMidstream = flow.IsMidstream,
        IsSourceConfirmed = flow.IsSourceConfirmed,
    };

    private static Detected.Neighbor Map(in Router.Decoding.Neighbor neighbor) => new(
        (Detected.NeighborKind)neighbor.Kind, new Detected.MacAddress(neighbor.SenderMac.Value), neighbor.Sender, neighbor.Target, neighbor.IsIPv4);
}
