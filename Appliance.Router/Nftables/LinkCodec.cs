using System.Buffers.Binary;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>What is asked of the kernel about neighbors and routes, and its answers (rtnetlink(7), linux/neighbour.h).</summary>
internal static class LinkCodec
{
    private const ushort GetRoute = 26;
    private const ushort GetNeighbor = 30;
    private const int NeighborHeaderLength = 12;
    private const int RouteHeaderLength = 12;

    // NDA_DST, NDA_LLADDR, RTA_DST, RTA_OIF.
    private const ushort NeighborAddress = 1;
    private const ushort NeighborStation = 2;
    private const ushort RouteDestination = 1;
    private const ushort RouteInterface = 4;

    // NUD_REACHABLE, STALE, DELAY, PROBE and PERMANENT: somebody has answered, or an administrator says so.
    private const ushort KnownStates = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;

    /// <summary>Asks for the neighbors of both families on all links.</summary>
    public static void WriteNeighbors(ref MessageWriter writer, uint sequence) => writer.End(
        writer.Begin(GetNeighbor, NetlinkProtocol.Request | NetlinkProtocol.Dump, sequence, NetlinkProtocol.FamilyUnspecified));

    /// <summary>Reads a neighbor that is known to be there.</summary>
    public static bool TryReadNeighbor(ReadOnlySpan<byte> payload, out BlockTarget address, out BlockTarget station, out uint link)
    {
        (address, station, link) = (default, default, 0);
        if (payload.Length < NeighborHeaderLength)
        {
            return false;
        }

        link = BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]);
        var attributes = payload[NeighborHeaderLength..];
        return (BinaryPrimitives.ReadUInt16LittleEndian(payload[8..]) & KnownStates) != 0
            && BlockTarget.TryFromAddressBytes(AttributeReader.Find(attributes, NeighborAddress), out address)
            && BlockTarget.TryFromMacBytes(AttributeReader.Find(attributes, NeighborStation), out station)
            && station.IsUnicast;
    }

    /// <summary>Asks for the way to one address.</summary>
    public static void WriteRoute(ref MessageWriter writer, uint sequence, BlockTarget address)
    {
        // struct rtmsg: the family and the length of the destination in bits; all else is for the kernel to say.
        Span<byte> header = stackalloc byte[RouteHeaderLength];
        header.Clear();
        header[0] = address.Kind == TargetKind.Address4 ? NetlinkProtocol.FamilyIPv4 : NetlinkProtocol.FamilyIPv6;
        header[1] = (byte)(address.Length * 8);
        var message = writer.Begin(GetRoute, NetlinkProtocol.Request | NetlinkProtocol.Acknowledge, sequence, header);
        writer.Bytes(RouteDestination, address.ToBytes());
        writer.End(message);
    }

    /// <summary>Reads the number of the interface that a route leaves by.</summary>
    public static bool TryReadRoute(ReadOnlySpan<byte> payload, out uint link)
    {
        link = 0;
        var value = payload.Length < RouteHeaderLength ? default : AttributeReader.Find(payload[RouteHeaderLength..], RouteInterface);
        return value.Length == sizeof(uint) && (link = BinaryPrimitives.ReadUInt32LittleEndian(value)) != 0;
    }
}
