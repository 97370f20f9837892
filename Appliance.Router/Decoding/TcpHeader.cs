using System.Runtime.CompilerServices;
using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>TCP header with its options skipped (RFC 9293, 3.1).</summary>
internal readonly record struct TcpHeader(ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, TcpControl Flags, int Length)
{
    private const int MinLength = 20;
    private const int FlagsEnd = 14;

    /// <summary>Reads as much as was captured: from 4 bytes on the ports, from 14 on flags and length too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> segment, out TcpHeader header)
    {
        header = default;
        if (segment.Length < 4)
        {
            return false;
        }

        var source = BinaryPrimitives.ReadUInt16BigEndian(segment);
        var destination = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
        if (segment.Length < FlagsEnd)
        {
            header = new(source, destination, 0, 0, TcpControl.None, segment.Length);
            return true;
        }

        // A length below 20 or beyond the segment is a lie; then nothing behind the header counts as payload.
        var length = (segment[12] >> 4) * 4;
        header = new(
            source,
            destination,
            BinaryPrimitives.ReadUInt32BigEndian(segment[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(segment[8..]),
            (TcpControl)segment[13],
            length < MinLength ? int.MaxValue : length);
        return true;
    }
}
