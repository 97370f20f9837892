using System.Runtime.CompilerServices;
using System.Buffers.Binary;
using Appliance.Router.Capture;

namespace Appliance.Router.Decoding;

/// <summary>Takes the link's header off a frame, whatever link it was captured on.</summary>
internal static class LinkLayer
{
    private const int CookedLength = 16;
    private const int Cooked2Length = 20;
    private const int FamilyLength = 4;

    /// <summary>Reads link addresses, tag and type into the packet and gives the length of all that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryRead(in Frame frame, ref Packet packet, out ushort type, out int length)
    {
        type = 0;
        length = 0;
        switch (frame.Link)
        {
            case LinkType.Ethernet:
                if (!EthernetHeader.TryRead(frame.Bytes, out var header))
                {
                    return false;
                }

                packet.SourceMac = header.Source;
                packet.DestinationMac = header.Destination;
                packet.VlanId = header.VlanId == 0 ? frame.StrippedVlanId : header.VlanId;
                type = header.EtherType;
                length = header.Length;
                return true;
            case LinkType.LinuxCooked:
                return TryReadCooked(frame.Bytes, CookedLength, ref packet, out type, out length);
            case LinkType.LinuxCooked2:
                return TryReadCooked(frame.Bytes, Cooked2Length, ref packet, out type, out length);
            case LinkType.Null or LinkType.Loop:
                length = FamilyLength;
                return TryReadVersion(frame.Bytes, FamilyLength, out type);
            case LinkType.Raw or LinkType.RawIPv4 or LinkType.RawIPv6:
                return TryReadVersion(frame.Bytes, 0, out type);
            default:
                return false;
        }
    }

    // LINKTYPE_LINUX_SLL: packet type, ARPHRD, address length, address (8), type. SLL2: type, reserved, interface,
    // ARPHRD, packet type, address length, address (8). The address is the sender's in both.
    private static bool TryReadCooked(ReadOnlySpan<byte> frame, int headerLength, ref Packet packet, out ushort type, out int length)
    {
        type = 0;
        length = headerLength;
        if (frame.Length < headerLength)
        {
            return false;
        }

        var isFirst = headerLength == CookedLength;
        var addressLength = isFirst ? frame[5] : frame[11];
        var address = frame.Slice(isFirst ? 6 : 12, sizeof(ulong));
        if (addressLength == MacAddress.Length)
        {
            packet.SourceMac = new(BinaryPrimitives.ReadUInt64BigEndian(address) >> 16);
        }

        // Only the first form ends with the type, so only there tags can be read in place.
        if (isFirst)
        {
            length -= 2;
            if (!EthernetHeader.TryReadType(frame, ref length, out var vlan, out type))
            {
                return false;
            }

            packet.VlanId = vlan;
            return true;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(frame);
        return true;
    }

    // The address family in front has a number for IPv6 that differs by system, and the writer's byte order;
    // the version in the packet itself says the same and is the same everywhere.
    private static bool TryReadVersion(ReadOnlySpan<byte> frame, int offset, out ushort type)
    {
        type = 0;
        if (frame.Length <= offset)
        {
            return false;
        }

        type = (frame[offset] >> 4) switch { 4 => EtherType.IPv4, 6 => EtherType.IPv6, _ => 0 };
        return type != 0;
    }
}
