using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>Probes by TCP flags that no stack sends first: none, FIN alone, FIN-PSH-URG, SYN-FIN; and bare ACKs over many ports.</summary>
/// <remarks>
/// Bound: the third distinct target (<see cref="ScanOptions.FlagProbes"/>), the twentieth port of one host for bare ACKs, since a
/// Router that starts in the middle of connections sees ACKs first. Answers (RST, SYN-ACK) are never probes, so backscatter
/// stays silent. A source forgotten because the table was full starts again at none.
/// </remarks>
internal sealed class FlagProbeDetector(ScanOptions options, FindingReport report) : IFlowDetector
{
    private const long Hour = 3_600_000_000_000;
    private const long AckWindow = 10_000_000_000;
    private const int AckPorts = 20;
    private const int RememberedTargets = 256;
    private const ushort FirstEphemeralPort = 32_768;

    private readonly BoundedTable<AddressKey, Prober> _probers = new(options.Sources);

    public string Name => "flag-probe";

    public long Evicted => _probers.Evicted;

    public void Observe(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        if (flowEvent.Kind != FlowEventKind.Began || flowEvent.Flow.Key.Protocol != IpProtocol.Tcp)
        {
            return;
        }

        var flags = flowEvent.Flow.TcpFlagsOut & TcpFlags.Classic;
        var isProbe = flags is 0 or TcpFlags.Fin or (TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Urg) or (TcpFlags.Syn | TcpFlags.Fin);
        var isAck = flags == TcpFlags.Ack && flowEvent.Flow.Key.DestinationPort < FirstEphemeralPort;
        if (isProbe || isAck)
        {
            Count(flowEvent, isProbe);
        }
    }

    public void AdvanceTo(long time)
    {
        // Nothing waits here.
    }

    public void Finish()
    {
        // Nothing waits here.
    }

    private void Count(in FlowEvent flowEvent, bool isProbe)
    {
        ref readonly var flow = ref flowEvent;
        var key = flow.Flow.Key;
        ref var prober = ref _probers.Touch(new AddressKey(key.Source), out _);
        prober ??= new Prober();
        prober.Forget(flowEvent.Time);
        var contact = new Contact(key.Source, key.Destination, key.DestinationPort, key.Protocol, flow.Flow.SourceMac);
        if (!prober.Targets.Add(contact.Target(isProbe ? 1UL : 2UL), flowEvent.Time))
        {
            return;
        }

        if (prober.Count(isProbe, key.Destination, flowEvent.Time) >= (isProbe ? options.FlagProbes : AckPorts))
        {
            Tell(prober, flowEvent, isProbe);
        }
    }

    private void Tell(Prober prober, in FlowEvent flowEvent, bool isProbe)
    {
        var flow = flowEvent.Flow;
        var count = isProbe ? prober.Probes : prober.Acks;
        var finding = new Finding
        {
            Detector = Name,
            Category = Category.Scan,
            Severity = count >= options.ManyTargets ? Severity.High : Severity.Medium,
            Source = Suspect.FromAddress(flow.Key.Source),
            SourceMac = flow.SourceMac,
            Technique = "T1046",
            Confidence = isProbe ? 0.99 : 0.9,
            Time = flowEvent.Time,
            FirstTime = prober.FirstTime,
            NewEvents = prober.TakeUntold(isProbe),
        };
        report(finding, [flow.Key.Destination],
        [
            isProbe
                ? new Reason("impossible flags", count, 0, "{0:0} targets probed with TCP flags that no stack opens with; normal is {1:0}")
                : new Reason("bare acknowledgements", count, 1, "{0:0} ports of one host probed with bare ACKs within 10 seconds; normal is {1:0}"),
        ]);
    }

    private sealed class Prober
    {
        private long _lastTime;
        private UInt128 _ackHost;
        private long _ackStart;
        private int _toldProbes;
        private int _toldAcks;

        public RecentSet Targets { get; } = new(RememberedTargets, 2 * Hour);

        public long FirstTime { get; private set; }

        public int Probes { get; private set; }

        public int Acks { get; private set; }

        public void Forget(long time)
        {
            if (time - _lastTime > Hour)
            {
                (FirstTime, Probes, Acks, _toldProbes, _toldAcks) = (time, 0, 0, 0, 0);
            }

            _lastTime = time;
        }

        public int Count(bool isProbe, UInt128 host, long time)
        {
            if (isProbe)
            {
                return ++Probes;
            }

            if (host != _ackHost || time - _ackStart > AckWindow)
            {
                (_ackHost, _ackStart, Acks, _toldAcks) = (host, time, 0, 0);
            }

            return ++Acks;
        }

        public int TakeUntold(bool isProbe)
        {
            var untold = isProbe ? Probes - _toldProbes : Acks - _toldAcks;
            (_toldProbes, _toldAcks) = isProbe ? (Probes, _toldAcks) : (_toldProbes, Acks);
            return untold;
        }
    }
}
