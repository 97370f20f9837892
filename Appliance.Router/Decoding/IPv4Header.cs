using System.Runtime.CompilerServices;
using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>IPv4 header with its options skipped (RFC 791).</summary>
internal readonly record struct IPv4Header(int Length, int TotalLength, byte Protocol, uint Source, uint Destination, Fragment Fragment)
{
    private const int MinLength = 20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> packet, out IPv4Header header)
    {
        header = default;
        if (packet.Length < MinLength || packet[0] >> 4 != 4)
        {
            return false;
        }

        var length = (packet[0] & 0x0f) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (length < MinLength || length > packet.Length || (total < length && total != 0))
        {
            return false;
        }

        var place = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        header = new(
            length,
            total,
            packet[9],
            BinaryPrimitives.ReadUInt32BigEndian(packet[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[16..]),
            new Fragment(BinaryPrimitives.ReadUInt16BigEndian(packet[4..]), (place & 0x1fff) * 8, (place & 0x2000) != 0));
        return true;
    }
}
