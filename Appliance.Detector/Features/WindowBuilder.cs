using Appliance.Detector.Flows;

namespace Appliance.Detector.Features;

/// <summary>Flow events in, device windows out, on the capture's clock.</summary>
/// <remarks>
/// Single-threaded and the same each time for the same events. Windows are aligned to the clock; a device has one in each
/// in which something of it was told. Devices are those of the site, named by MAC: an address outside it counts only where
/// both ends lie outside. Constant time an event, nothing allocated but the windows themselves.
/// What a flow has gained is told in doublings and minutes; a gain over more than a window counts with the window's share
/// of it. The end of the capture is no end of a flow.
/// </remarks>
public sealed class WindowBuilder
{
    // A home has tens; a thousand take 1.5 MB.
    private const int MostDevices = 1024;
    private const int MostSights = 131_072;

    private static readonly long Length = FeatureSchema.Window.Ticks * TimeSpan.NanosecondsPerTick;

    private readonly LocalNetworks _local;
    private readonly Action<DeviceWindow> _onWindow;
    private readonly BoundedTable<DeviceKey, DeviceTally> _devices = new(MostDevices, forgotten => forgotten.IsActive = false);
    private readonly List<DeviceTally> _listed = [];
    private readonly SightMemory _sights = new(MostSights);
    private long _window = long.MinValue;

    /// <param name="localNetworks">The site's networks, as prefixes.</param>
    /// <param name="onWindow">Gets each window when it closes, in the order in which devices appeared in it.</param>
    public WindowBuilder(IEnumerable<string> localNetworks, Action<DeviceWindow> onWindow)
    {
        _local = new LocalNetworks(localNetworks);
        _onWindow = onWindow;
    }

    /// <summary>Devices forgotten and sights not counted because a table was full.</summary>
    public long Evicted => _devices.Evicted + _sights.Dropped;

    public void Observe(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        AdvanceTo(flowEvent.Time);
        if (flowEvent.Kind == FlowEventKind.Neighbor)
        {
            CountNeighbor(flowEvent.Neighbor);
            return;
        }

        ref readonly var told = ref flowEvent;
        if (told.Flow.EndReason == EndReason.CaptureEnded)
        {
            return;
        }

        var isToGroup = IsGroup(told.Flow);
        var isFromSite = _local.Contains(told.Flow.Key.Source);
        var isToSite = _local.Contains(told.Flow.Key.Destination);
        if (isFromSite || !isToSite)
        {
            Asked(Tally(DeviceKey.Of(told.Flow.SourceMac, told.Flow.Key.Source)), told, growth, isToGroup);
        }

        if (!isToGroup && (isToSite || !isFromSite))
        {
            Served(Tally(DeviceKey.Of(told.Flow.DestinationMac, told.Flow.Key.Destination)), told, growth);
        }
    }

    /// <summary>No event before this time is still to come.</summary>
    public void AdvanceTo(long time)
    {
        var window = time / Length;
        if (window > _window)
        {
            Finish();
            _window = window;
        }
    }

    /// <summary>Closes the window that is open, full or not.</summary>
    public void Finish()
    {
        foreach (var tally in _listed)
        {
            tally.IsListed = false;
            if (tally.IsActive)
            {
                tally.IsActive = false;
                _onWindow(new DeviceWindow(tally.Device.ToString(), _window * Length, tally.Close(_window)));
            }
        }

        _listed.Clear();
        _sights.StartWindow();
    }

    private DeviceTally Tally(in DeviceKey device)
    {
        ref var entry = ref _devices.Touch(device, out var isNew);
        var tally = entry ??= new DeviceTally();
        if (isNew)
        {
            tally.Open(device);
        }

        if (!tally.IsListed)
        {
            tally.IsListed = true;
            _listed.Add(tally);
        }

        tally.IsActive = true;
        return tally;
    }

    private void Asked(DeviceTally tally, in FlowEvent told, in FlowGrowth growth, bool isToGroup)
    {
        AskedGrowth.Count(tally, told, growth);
        switch (told.Kind)
        {
            case FlowEventKind.Began when told.Flow.IsMidstream:
                CountMidstream(tally, told.Flow);
                break;
            case FlowEventKind.Began:
                CountContact(tally, told, isToGroup);
                break;
            case FlowEventKind.Answered:
                tally[Feature.AskedAnswered]++;
                break;
            case FlowEventKind.Refused:
                tally[Feature.AskedRefused]++;
                break;
            case FlowEventKind.Ended:
                AskedGrowth.CountEnd(tally, told.Flow, isToGroup);
                break;
        }
    }

    private void CountContact(DeviceTally tally, in FlowEvent told, bool isToGroup)
    {
        var key = told.Flow.Key;
        tally.Begin(told.Time);
        tally[Feature.AskedFlows]++;
        tally[Protocol(key.Protocol)]++;
        tally[Feature.DnsFlows] += told.Flow.Application == ApplicationKind.Dns ? 1 : 0;
        if (isToGroup)
        {
            tally[Feature.AskedGroupFlows]++;
            return;
        }

        var service = Service(key);
        CountFirst(tally, Feature.AskedDestinations, Sight.Destination, key.Destination, 0);
        CountFirst(tally, Feature.AskedServices, Sight.Service, 0, service);
        CountFirst(tally, Feature.AskedPairs, Sight.Pair, key.Destination, service);
        if (_local.Contains(key.Destination))
        {
            CountFirst(tally, Feature.AskedLocalDestinations, Sight.LocalDestination, key.Destination, 0);
        }

        tally[Feature.AskedNewDestinations] += _sights.IsNew(tally.Device, Sight.Destination, key.Destination, 0, told.Time) ? 1 : 0;
        tally[Feature.AskedNewServices] += _sights.IsNew(tally.Device, Sight.Service, 0, service, told.Time) ? 1 : 0;
    }

    private void Served(DeviceTally tally, in FlowEvent told, in FlowGrowth growth)
    {
        ServedGrowth.Count(tally, told, growth);
        switch (told.Kind)
        {
            case FlowEventKind.Began when told.Flow.IsMidstream:
                CountMidstream(tally, told.Flow);
                break;
            case FlowEventKind.Began:
                tally[Feature.ServedFlows]++;
                CountFirst(tally, Feature.ServedSources, Sight.Source, told.Flow.Key.Source, 0);
                CountFirst(tally, Feature.ServedServices, Sight.ServedService, 0, Service(told.Flow.Key));
                break;
            case FlowEventKind.Refused:
                tally[Feature.ServedFailed]++;
                break;
            case FlowEventKind.Ended:
                tally[Feature.ServedFailed] += AskedGrowth.IsSilent(told.Flow) ? 1 : 0;
                break;
        }
    }

    private void CountNeighbor(in Neighbor neighbor)
    {
        if (neighbor.Kind != NeighborKind.Request || neighbor.SenderMac.IsEmpty)
        {
            return;
        }

        var tally = Tally(DeviceKey.Of(neighbor.SenderMac, neighbor.Sender));
        tally[Feature.NeighborRequests]++;
        CountFirst(tally, Feature.NeighborTargets, Sight.NeighborTarget, neighbor.Target, 0);
    }

    private void CountFirst(DeviceTally tally, Feature feature, Sight kind, UInt128 address, int service)
    {
        ref var count = ref tally[feature];
        if (count < SightMemory.MostOfOneKind && _sights.IsFirst(tally.Device, kind, address, service))
        {
            count++;
        }
    }

    // FIN, NULL and Xmas probes have neither SYN, ACK nor RST; what else begins in its middle is old or backscatter.
    private static void CountMidstream(DeviceTally tally, in Flow flow)
    {
        var isOdd = flow.Key.Protocol == IpProtocol.Tcp && (flow.TcpFlagsOut & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == 0;
        tally[isOdd ? Feature.OddFlagFlows : Feature.MidstreamFlows]++;
    }

    private static Feature Protocol(byte protocol) => protocol switch
    {
        IpProtocol.Tcp => Feature.AskedTcpFlows,
        IpProtocol.Udp => Feature.AskedUdpFlows,
        _ => Feature.AskedIcmpFlows,
    };

    // The ports of ICMP are its type and code: one service.
    private static int Service(in FlowKey key) => (key.Protocol << 16) | (IpProtocol.IsIcmp(key.Protocol) ? 0 : key.DestinationPort);

    private static bool IsGroup(in Flow flow)
    {
        const ulong GroupBit = 1UL << 40;
        if (!flow.DestinationMac.IsEmpty)
        {
            return (flow.DestinationMac.Value & GroupBit) != 0;
        }

        // 224.0.0.0/4 and 255.255.255.255; ff00::/8.
        var last = (uint)flow.Key.Destination;
        return flow.IsIPv4 ? last >> 28 == 0xe || last == uint.MaxValue : flow.Key.Destination >> 120 == 0xff;
    }
}
