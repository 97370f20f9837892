using System.Net;
using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests;

/// <summary>Plays conversations into a detection path and keeps what comes out.</summary>
internal sealed class Scene
{
    public const byte Syn = 0x02;
    public const byte Ack = 0x10;
    public const byte Rst = 0x04;

    private readonly DetectionPath _path;
    private ushort _nextPort = 40_000;

    public Scene()
        : this(new DetectionSettings())
    {
    }

    public Scene(DetectionSettings settings) => _path = new DetectionPath(settings, Alerts.Add);

    public DetectionPath Path => _path;

    /// <summary>Every revision, in order.</summary>
    public List<Alert> Alerts { get; } = [];

    public IEnumerable<Alert> Serious => Alerts.Where(alert => alert.Severity >= Severity.Medium);

    /// <summary>The last revision of each alert.</summary>
    public IReadOnlyList<Alert> Latest => [.. Alerts.GroupBy(alert => alert.Id).Select(revisions => revisions.Last())];

    /// <summary>2026-01-01 00:00:00 UTC.</summary>
    public long Now { get; private set; } = 1_767_225_600_000_000_000;

    public static UInt128 Address(string text) => AddressText.FromAddress(IPAddress.Parse(text));

    public static MacAddress Mac(UInt128 address) => new(0x0200_0000_0000 | ((ulong)address & 0xffff_ffff));

    public Scene Wait(TimeSpan time)
    {
        Now += time.Ticks * 100;
        return this;
    }

    public Scene Wait(double seconds) => Wait(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets the clock of the path catch up.</summary>
    public Scene Settle(double seconds = 0)
    {
        Wait(seconds);
        _path.AdvanceTo(Now);
        return this;
    }

    public Scene Finish()
    {
        _path.Finish();
        return this;
    }

    public Flow Tcp(string source, string destination, ushort port, byte flags = Syn, bool isMidstream = false) =>
        NewFlow(source, destination, _nextPort++, port, 6) with { TcpFlagsOut = flags, IsMidstream = isMidstream };

    public Flow Udp(string source, string destination, ushort port, ushort sourcePort = 0) =>
        NewFlow(source, destination, sourcePort == 0 ? _nextPort++ : sourcePort, port, 17);

    public static Flow Ping(string source, string destination) => NewFlow(source, destination, 8, 0, 1);

    public Flow Tell(FlowEventKind kind, in Flow flow)
    {
        var told = kind == FlowEventKind.Began ? flow with { StartTime = Now, EndTime = Now } : flow with { EndTime = Now };
        _path.Observe(new FlowEvent(kind, Now, told, default));
        return told;
    }

    public Flow Begin(in Flow flow) => Tell(FlowEventKind.Began, flow);

    public Flow Answer(in Flow flow) =>
        Tell(FlowEventKind.Answered, flow with { State = FlowState.Answered, PacketsIn = 1, TcpFlagsIn = Syn | Ack });

    public Flow Refuse(in Flow flow) =>
        Tell(FlowEventKind.Refused, flow with { State = FlowState.Refused, PacketsIn = 1, TcpFlagsIn = Rst | Ack });

    public Flow End(in Flow flow, EndReason reason = EndReason.Finished) => Tell(FlowEventKind.Ended, flow with { EndReason = reason });

    /// <summary>A TCP conversation that works.</summary>
    public Flow Talk(string source, string destination, ushort port)
    {
        var flow = Answer(Begin(Tcp(source, destination, port)));
        return End(flow with
        {
            PacketsOut = 6,
            PacketsIn = 5,
            TcpFlagsOut = Syn | Ack | 1,
            IsSourceConfirmed = true,
        });
    }

    /// <summary>An ARP message.</summary>
    public void Arp(NeighborKind kind, string sender, string target) => Arp(kind, Mac(Address(sender)), sender, target);

    public void Arp(NeighborKind kind, MacAddress mac, string sender, string target) => _path.Observe(new FlowEvent(
        FlowEventKind.Neighbor,
        Now,
        default,
        new Neighbor(kind, mac, Address(sender), Address(target), IsIPv4: true)));

    private static Flow NewFlow(string source, string destination, ushort sourcePort, ushort port, byte protocol)
    {
        var (from, to) = (Address(source), Address(destination));
        return new Flow
        {
            Key = new FlowKey(from, to, sourcePort, port, protocol),
            IsIPv4 = AddressText.IsIPv4(from),
            SourceMac = Mac(from),
            DestinationMac = Mac(to),
            PacketsOut = 1,
            BytesOut = 60,
        };
    }
}
