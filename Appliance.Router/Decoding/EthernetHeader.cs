using System.Runtime.CompilerServices;
using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>Ethernet II, or 802.3 with LLC and SNAP, and the VLAN tags behind it.</summary>
internal readonly record struct EthernetHeader(MacAddress Destination, MacAddress Source, ushort VlanId, ushort EtherType, int Length)
{
    private const int MinLength = 14;

    // 802.1ad stacks two; some providers add a third. More is an attack on parsers.
    private const int MaxTags = 4;

    /// <summary>RFC 1042: LLC AA AA 03, then organization 00 00 00, then a type as in Ethernet II.</summary>
    private const ulong SnapPrefix = 0xaaaa_0300_0000;

    /// <summary>Lengths of 802.3 end here, types begin at 0x600.</summary>
    private const ushort MaxFrameLength = 1500;

    /// <summary>Reads the header; false when it is cut short or carries no EtherType.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> frame, out EthernetHeader header)
    {
        header = default;
        if (frame.Length < MinLength)
        {
            return false;
        }

        var destination = BinaryPrimitives.ReadUInt64BigEndian(frame) >> 16;
        var source = BinaryPrimitives.ReadUInt64BigEndian(frame[4..]) & 0xffff_ffff_ffff;
        var offset = MacAddress.Length * 2;
        ushort vlan = 0;
        var type = BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);
        if (type == Decoding.EtherType.IPv4)
        {
            // Most frames: no tag, no LLC.
            offset += sizeof(ushort);
        }
        else if (!TryReadType(frame, ref offset, out vlan, out type))
        {
            return false;
        }

        header = new(new(destination), new(source), vlan, type, offset);
        return true;
    }

    /// <summary>Reads tags, type, LLC and SNAP from where a type stands, and moves behind them.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> frame, ref int offset, out ushort vlan, out ushort type)
    {
        vlan = type = 0;
        for (var tags = 0; tags <= MaxTags; tags++)
        {
            if (frame.Length < offset + 2)
            {
                return false;
            }

            type = BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);
            offset += 2;
            if (type is not (Decoding.EtherType.Vlan or Decoding.EtherType.ProviderVlan or Decoding.EtherType.OldProviderVlan))
            {
                return type > MaxFrameLength || TryReadSnap(frame, ref offset, out type);
            }

            if (frame.Length < offset + 2)
            {
                return false;
            }

            vlan = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]) & 0x0fff);
            offset += 2;
        }

        return false;
    }

    private static bool TryReadSnap(ReadOnlySpan<byte> frame, ref int offset, out ushort type)
    {
        type = 0;
        if (frame.Length < offset + 8 || BinaryPrimitives.ReadUInt64BigEndian(frame[offset..]) >> 16 != SnapPrefix)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 6)..]);
        offset += 8;
        return true;
    }
}
