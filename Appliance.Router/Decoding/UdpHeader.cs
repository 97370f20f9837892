using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>UDP header (RFC 768), and the ports of SCTP, which stand in the same place.</summary>
internal readonly record struct UdpHeader(ushort SourcePort, ushort DestinationPort)
{
    public const int Length = 8;

    public static bool TryRead(ReadOnlySpan<byte> datagram, out UdpHeader header)
    {
        header = default;
        if (datagram.Length < 4)
        {
            return false;
        }

        header = new(BinaryPrimitives.ReadUInt16BigEndian(datagram), BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]));
        return true;
    }
}
