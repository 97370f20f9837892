using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Floods;

/// <summary>Says who floods whom with what.</summary>
internal sealed class FloodReport(FloodLimit[] limits, FindingReport report)
{
    public const string DetectorName = "excess-sum";

    public void Tell(FloodTarget target, FloodKind kind, in FlowEvent flowEvent)
    {
        var flow = flowEvent.Flow;
        target.Service ??= ServiceOf(target, kind, flow);
        var (source, isConfirmed) = SourceOf(target);
        var finding = new Finding
        {
            Detector = DetectorName,
            Category = Category.Flood,
            Severity = Severity.High,
            Source = source,
            SourceMac = target.Shares.Mac,
            IsSourceConfirmed = isConfirmed,
            Service = target.Service.Value,
            // Endpoint exhaustion by half-open connections, else direct network flood.
            Technique = kind is FloodKind.Syn or FloodKind.HalfOpen ? "T1499.001" : "T1498.001",
            Confidence = 0.95,
            Time = flowEvent.Time,
            FirstTime = target.FirstTime,
            NewEvents = target.TakeUntold(),
        };
        report(finding, [flow.Key.Destination], [ReasonOf(target, kind), new Reason("ports", Math.Max(1, target.Ports.Ports), 1, "{0:0} ports of the destination are hit")]);
    }

    private static Service ServiceOf(FloodTarget target, FloodKind kind, in Flow flow) => kind switch
    {
        FloodKind.Icmp => new Service(flow.Key.Protocol, 0),
        FloodKind.Spread => default,
        _ when IpProtocol.IsIcmp(flow.Key.Protocol) => new Service(flow.Key.Protocol, 0),
        _ => target.Ports.IsOnePort ? new Service(flow.Key.Protocol, flow.Key.DestinationPort) : default,
    };

    // The address of a flood can be forged; its frames cannot lie about the last hop.
    private static (Suspect Source, bool IsConfirmed) SourceOf(FloodTarget target)
    {
        ref readonly var shares = ref target.Shares;
        if (shares.TryGetDominant(out var dominant))
        {
            return (Suspect.FromAddress(dominant), target.IsConfirmed(dominant));
        }

        return (shares.Mac.IsEmpty ? Suspect.FromAddress(shares.First) : Suspect.FromMac(shares.Mac), false);
    }

    private Reason ReasonOf(FloodTarget target, FloodKind kind)
    {
        var (rate, normal) = (target.RateOf(kind), limits[(int)kind].Rate);
        return kind switch
        {
            FloodKind.Syn => new("unanswered SYNs a second", rate, normal, "{0:0} unanswered connection attempts a second, bearable are {1:0}"),
            FloodKind.HalfOpen => new("half-open connections a second", rate, normal, "{0:0} connections a second opened and never completed, bearable are {1:0}"),
            FloodKind.Udp => new("unanswered datagrams a second", rate, normal, "{0:0} unanswered packets a second, bearable are {1:0}"),
            FloodKind.Dhcp => new("DHCP requests a second", rate, normal, "{0:0} DHCP requests a second, bearable are {1:0}"),
            FloodKind.Icmp => new("pings a second", rate, normal, "{0:0} echo requests a second, bearable are {1:0}"),
            FloodKind.Stray => new("stray TCP packets a second", rate, normal, "{0:0} TCP packets of no connection a second, bearable are {1:0}"),
            _ => new("packets over many ports a second", rate, normal, "{0:0} packets a second over many ports and the same ones again; a scan stays below {1:0} and visits each port once"),
        };
    }
}
