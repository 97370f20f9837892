using System.Runtime.CompilerServices;

namespace Appliance.Router.Decoding;

/// <summary>Remembers the ports of first fragments, so that later ones, which have none, go to the same flow, and has those put together whose payload is read.</summary>
internal sealed class FragmentTable(FragmentAssembly assembly)
{
    // A place each; a newer packet takes it over. 1024 packets in flight is ten times what a gigabit of 8 KB datagrams has within a millisecond.
    private const int PlaceCount = 1024;

    private readonly Place[] _places = new Place[PlaceCount];

    /// <summary>Datagrams that were not put together.</summary>
    public FragmentLosses Losses => assembly.Losses;

    /// <summary>Remembers the packet when it is a first fragment; fills in ports and protocol when it is a later one of a known packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Resolve(ref Packet packet)
    {
        // Nearly every packet is whole.
        if (packet.Fragment.IsPart)
        {
            ResolveFragment(ref packet);
        }
    }

    private void ResolveFragment(ref Packet packet)
    {
        ref var place = ref _places[HashCode.Combine(packet.Source, packet.Destination, packet.Fragment.Identification) & (PlaceCount - 1)];
        if (packet.Fragment.IsFirst)
        {
            place = new(packet.Source, packet.Destination, packet.Fragment.Identification, packet.Time, packet.Protocol, packet.SourcePort, packet.DestinationPort, packet.IcmpCode);
        }
        else if (place.IsOf(packet))
        {
            packet.Protocol = place.Protocol;
            packet.SourcePort = place.SourcePort;
            packet.DestinationPort = place.DestinationPort;
            packet.IcmpCode = place.IcmpCode;
        }

        var piece = packet.HeaderBytes > 0 ? packet.Payload : default;
        packet.Payload = packet.Payload[packet.HeaderBytes..];
        assembly.Take(ref packet, piece);
    }

    private readonly record struct Place(UInt128 Source, UInt128 Destination, uint Identification, long Time, byte Protocol, ushort SourcePort, ushort DestinationPort, byte IcmpCode)
    {
        // In IPv6 the later fragments name the header that follows the fragment header, which need not be the transport's.
        public bool IsOf(in Packet packet) =>
            Identification == packet.Fragment.Identification && Source == packet.Source && Destination == packet.Destination
            && (!packet.IsIPv4 || Protocol == packet.Protocol) && Math.Abs(packet.Time - Time) <= FragmentAssembly.Patience;
    }
}
