using System.Runtime.CompilerServices;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>Finds who asks for many addresses of the network by ARP or Neighbor Discovery.</summary>
/// <remarks>
/// Bound: the twentieth address within 10 s, unless most of them answer as those of a router that refreshes its table do; and
/// the sixtieth within an hour of which none was ever heard. Both counts are exact. A device that has joined within the last
/// quarter of an hour is told of with low severity (a phone's set-up app asked for 243 addresses in 3 s), unless it asks for
/// .0 or .255: a stack knows its mask and never asks for these, a sweeping tool does. A MAC forgotten because the table was
/// full starts again at none.
/// </remarks>
internal sealed class ArpSweepDetector : IFlowDetector
{
    private const long Second = 1_000_000_000;
    private const long RapidWindow = 10 * Second;
    private const long SlowWindow = 3600 * Second;
    private const int MaxMacs = 2_048;
    private const int MaxAddresses = 8_192;
    private const ushort DhcpServer = 67;

    private readonly ScanOptions _options;
    private readonly FindingReport _report;
    private readonly BoundedTable<MacKey, Asker> _askers = new(MaxMacs);
    private readonly BoundedTable<AddressKey, long> _heard = new(MaxAddresses);
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly long _joinTime;

    public ArpSweepDetector(ScanOptions options, FindingReport report)
    {
        _options = options;
        _report = report;
        _joinTime = options.JoinTime.Ticks * TimeSpan.NanosecondsPerTick;
    }

    public string Name => "address-sweep";

    public long Evicted => _askers.Evicted + _heard.Evicted;

    public void Observe(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        if (flowEvent.Kind == FlowEventKind.Neighbor)
        {
            Hear(flowEvent.Neighbor, flowEvent.Time);
        }
        else if (flowEvent.Kind == FlowEventKind.Began && IsDhcpRequest(flowEvent.Flow))
        {
            Join(flowEvent.Flow.SourceMac, flowEvent.Time);
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

    private static bool IsDhcpRequest(in Flow flow) =>
        flow.Key.Protocol == IpProtocol.Udp && flow.Key.DestinationPort == DhcpServer && !flow.SourceMac.IsEmpty;

    private static bool IsUnspecified(UInt128 address) => address == UInt128.Zero || (AddressText.IsIPv4(address) && (uint)address == 0);

    private void Hear(in Neighbor neighbor, long time)
    {
        if (IsUnspecified(neighbor.Sender) || neighbor.Kind == NeighborKind.Announcement)
        {
            // A probe for an own address, or its announcement, is how a stack takes an address (RFC 5227, RFC 4862).
            Join(neighbor.SenderMac, time);
        }
        else
        {
            _heard.Touch(new AddressKey(neighbor.Sender), out _) = time;
        }

        if (neighbor.Kind == NeighborKind.Request && neighbor.Target != neighbor.Sender)
        {
            Ask(neighbor, time);
        }
    }

    private void Join(MacAddress mac, long time)
    {
        var asker = Find(mac);
        // A device that probes at every turn does not stay new for ever.
        if (asker.JoinedAt is null || time - asker.JoinedAt > SlowWindow)
        {
            asker.JoinedAt = time;
        }
    }

    private Asker Find(MacAddress mac)
    {
        ref var asker = ref _askers.Touch(new MacKey(mac.Value), out _);
        return asker ??= new Asker();
    }

    private void Ask(in Neighbor neighbor, long time)
    {
        var asker = Find(neighbor.SenderMac);
        var contact = new Contact(UInt128.Zero, neighbor.Target, 0, 0, neighbor.SenderMac);
        asker.CloseIfSilent(time - SlowWindow);
        if (!asker.Targets.Add(contact.Target(_seed), time))
        {
            return;
        }

        asker.Add(neighbor.Target, time, neighbor.IsIPv4 && (byte)neighbor.Target is 0 or 255);
        if (asker.IsSweeping || IsSweep(asker, time))
        {
            Tell(asker, neighbor, time);
        }
    }

    private bool IsSweep(Asker asker, long time)
    {
        var rapid = asker.Asked.CountSince(time - RapidWindow);
        if (rapid >= _options.ArpTargets)
        {
            // Three times as many are no refresh, whoever answers.
            return HeardCount(asker, rapid) * 2 < rapid || rapid >= Math.Min(3 * _options.ArpTargets, FailedContacts.Capacity);
        }

        var slow = asker.Asked.CountSince(time - SlowWindow);
        return slow >= _options.SlowArpTargets && slow - HeardCount(asker, slow) >= _options.SlowArpTargets;
    }

    private int HeardCount(Asker asker, int newest)
    {
        var count = 0;
        for (var i = 0; i < newest; i++)
        {
            count += Unsafe.IsNullRef(ref _heard.Find(new AddressKey(asker.Asked.Newest(i).Host))) ? 0 : 1;
        }

        return count;
    }

    private void Tell(Asker asker, in Neighbor neighbor, long time)
    {
        var hasJustJoined = asker.JoinedAt is { } joined && time - joined <= _joinTime;
        var newEvents = asker.TakeUntold();
        Span<UInt128> targets = stackalloc UInt128[newEvents];
        for (var i = 0; i < newEvents; i++)
        {
            targets[newEvents - 1 - i] = asker.Asked.Newest(i).Host;
        }

        var finding = new Finding
        {
            Detector = Name,
            Category = Category.Scan,
            Severity = hasJustJoined && !asker.AsksForEdges ? Severity.Low : Severity.Medium,
            Source = Suspect.FromMac(neighbor.SenderMac),
            SourceMac = neighbor.SenderMac,
            Technique = "T1018",
            Confidence = hasJustJoined && !asker.AsksForEdges ? 0.5 : 0.9,
            Time = time,
            FirstTime = asker.FirstTime,
            NewEvents = newEvents,
        };
        _report(finding, targets,
        [
            new Reason("addresses asked for", asker.Total, 4, "{0:0} addresses asked for; ordinary devices ask for at most {1:0} in ten seconds"),
            new Reason("addresses in 10 s", asker.Asked.CountSince(time - RapidWindow), 4, "{0:0} addresses asked for within the last 10 seconds"),
            new Reason("network or broadcast addresses", asker.Edges, 0, "{0:0} times asked for a .0 or .255 address; a host's own stack does not"),
        ]);
    }

    private readonly record struct MacKey(ulong Value)
    {
        public override int GetHashCode() => HashCode.Combine(Value);
    }
}
