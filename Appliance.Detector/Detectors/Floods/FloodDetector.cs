using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Floods;

/// <summary>Finds destinations that get more unasked packets than they can bear, by a CUSUM for each kind of flood.</summary>
/// <remarks>
/// Bound: excess / (rate - bearable rate) seconds and at most one bucket of 100 ms; with the defaults inside 1 s from 150 SYNs,
/// 800 datagrams, 250 pings a second on. Packets over many ports are a scan and not a flood until they come faster than
/// any scan and hit the same ports again. Of a flow only what its events tell is seen: in one flow the last packets
/// before the next doubling wait for it, so that a flow of rate r is up to half its age late. A destination forgotten because
/// the table was full starts at zero; a flooded one is touched by every packet and so the last to go.
/// </remarks>
internal sealed class FloodDetector : IFlowDetector
{
    private const ushort DhcpServer = 67;
    private const ushort EchoRequest = 8;
    private const ushort EchoRequestV6 = 128;

    // A datagram flow of which less than one in twenty is answered is one-sided.
    private const int OneSided = 20;

    // Camera streams: 300 to 2200 packets a second of more than 600 bytes, in one flow, with reports on another port.
    private const int LargePacket = 600;
    private const double LargePacketWeight = 0.125;

    private readonly FloodLimit[] _limits;
    private readonly FloodReport _report;
    private readonly BoundedTable<AddressKey, FloodTarget> _targets;
    private readonly int _spreadRepeats;

    public FloodDetector(FloodOptions options, FindingReport report)
    {
        _limits = FloodLimit.ByKind(options);
        _report = new FloodReport(_limits, report);
        _targets = new BoundedTable<AddressKey, FloodTarget>(options.Destinations, target => target.Reset());
        _spreadRepeats = options.SpreadRepeats;
    }

    public string Name => FloodReport.DetectorName;

    public long Evicted => _targets.Evicted;

    public void Observe(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        switch (flowEvent.Flow.Key.Protocol)
        {
            case IpProtocol.Tcp when flowEvent.Kind != FlowEventKind.Neighbor:
                ObserveTcp(flowEvent, growth);
                break;
            case IpProtocol.Udp when flowEvent.Kind != FlowEventKind.Neighbor:
                ObserveUdp(flowEvent, growth);
                break;
            case IpProtocol.Icmp or IpProtocol.IcmpV6 when flowEvent.Kind is FlowEventKind.Began or FlowEventKind.Updated:
                ObserveIcmp(flowEvent, growth);
                break;
            default:
                break;
        }
    }

    public void AdvanceTo(long time)
    {
        // Sums are settled when their destination is next touched.
    }

    public void Finish()
    {
        // A flood is told of while it lasts.
    }

    private void ObserveTcp(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        ref readonly var flow = ref flowEvent;
        switch (flowEvent.Kind)
        {
            case FlowEventKind.Began when flow.Flow.IsMidstream:
                Receive(flowEvent, FloodKind.Stray);
                break;
            case FlowEventKind.Began:
                Judge(Receive(flowEvent, FloodKind.Syn), flowEvent, FloodKind.HalfOpen);
                break;
            case FlowEventKind.Answered when !flow.Flow.IsMidstream:
                WorkOff(flowEvent, FloodKind.Syn, FloodKind.Spread);
                break;
            case FlowEventKind.Updated when flow.Flow is { IsMidstream: false, State: FlowState.Unanswered }:
                // The same SYN again and again.
                ReceiveMore(flowEvent, FloodKind.Syn, growth);
                break;
            case FlowEventKind.Updated or FlowEventKind.Ended when !flow.Flow.IsMidstream:
                Complete(flowEvent, growth);
                break;
            default:
                break;
        }
    }

    private void Complete(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        var flow = flowEvent.Flow;
        if (growth.IsFirst && flow.State == FlowState.Answered && (flow.TcpFlagsOut & TcpFlags.Ack) != 0)
        {
            WorkOff(flowEvent, FloodKind.HalfOpen);
        }
        else if (flow.IsSourceConfirmed)
        {
            // A kernel that gets a SYN-ACK it never asked for resets it: the flood's address is its own.
            Find(flow.Key.Destination).Confirm(flow.Key.Source);
        }
    }

    private void ObserveUdp(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        var isDhcp = flowEvent.Flow.Key.DestinationPort == DhcpServer;
        switch (flowEvent.Kind)
        {
            case FlowEventKind.Began:
                Receive(flowEvent, isDhcp ? FloodKind.Dhcp : FloodKind.Udp);
                break;
            case FlowEventKind.Answered when !isDhcp:
                WorkOff(flowEvent, FloodKind.Udp, FloodKind.Spread);
                break;
            case FlowEventKind.Updated when isDhcp || growth.PacketsIn * OneSided < growth.PacketsOut:
                ReceiveMore(flowEvent, isDhcp ? FloodKind.Dhcp : FloodKind.Udp, growth);
                break;
            default:
                break;
        }
    }

    private void ObserveIcmp(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        // Errors and the like are sent in answer to something, and bear as much as datagrams do.
        var isEcho = flowEvent.Flow.Key.SourcePort == (flowEvent.Flow.Key.Protocol == IpProtocol.Icmp ? EchoRequest : EchoRequestV6);
        var kind = isEcho ? FloodKind.Icmp : FloodKind.Udp;
        if (flowEvent.Kind == FlowEventKind.Began)
        {
            Receive(flowEvent, kind);
        }
        else
        {
            ReceiveMore(flowEvent, kind, growth);
        }
    }

    private FloodTarget Receive(in FlowEvent flowEvent, FloodKind kind)
    {
        var key = flowEvent.Flow.Key;
        var target = Find(key.Destination);
        target.ForgetIfQuiet(_limits, flowEvent.Time);
        target.Blame(flowEvent.Flow, 1);
        if (!IpProtocol.IsIcmp(key.Protocol))
        {
            target.Ports.AddFlow(key.DestinationPort);
            Judge(target, flowEvent, FloodKind.Spread);
        }

        Judge(target, flowEvent, kind);
        return target;
    }

    private void ReceiveMore(in FlowEvent flowEvent, FloodKind kind, in FlowGrowth growth)
    {
        var target = Find(flowEvent.Flow.Key.Destination);
        target.ForgetIfQuiet(_limits, flowEvent.Time);
        var isLarge = kind == FloodKind.Udp && growth.BytesOut > growth.PacketsOut * LargePacket;
        var packets = growth.PacketsOut * (isLarge ? LargePacketWeight : 1);
        target.Ports.AddPackets(packets);
        target.Blame(flowEvent.Flow, packets);
        var excess = target.AddSpread(kind, packets, growth.Nanoseconds, _limits[(int)kind], flowEvent.Time);
        TellIfFlood(target, flowEvent, kind, excess);
    }

    private void Judge(FloodTarget target, in FlowEvent flowEvent, FloodKind kind) =>
        TellIfFlood(target, flowEvent, kind, target.Add(kind, 1, _limits[(int)kind], flowEvent.Time));

    private void TellIfFlood(FloodTarget target, in FlowEvent flowEvent, FloodKind kind, double excess)
    {
        if (excess < _limits[(int)kind].Excess || (flowEvent.Time < target.NextTellTime && !target.HasDoubled))
        {
            return;
        }

        var isFlood = kind switch
        {
            FloodKind.Spread => target.Ports.Repeats >= _spreadRepeats,
            FloodKind.Icmp or FloodKind.Dhcp => true,
            _ => target.Ports.IsFocused,
        };
        if (isFlood)
        {
            target.NextTellTime = flowEvent.Time + ExcessSum.Bucket;
            _report.Tell(target, kind, flowEvent);
        }
    }

    private void WorkOff(in FlowEvent flowEvent, params ReadOnlySpan<FloodKind> kinds)
    {
        var target = Find(flowEvent.Flow.Key.Destination);
        foreach (var kind in kinds)
        {
            target.Add(kind, -1, _limits[(int)kind], flowEvent.Time);
        }
    }

    private FloodTarget Find(UInt128 address)
    {
        ref var target = ref _targets.Touch(new AddressKey(address), out _);
        return target ??= new FloodTarget();
    }
}
