using System.Buffers.Binary;

namespace Appliance.Benchmarks.Traffic;

/// <summary>An Ethernet frame of 64 bytes on the wire, which are 60 without its check sequence: UDP in IPv4.</summary>
internal static class Datagram
{
    public const int Length = 60;
    public const ushort DestinationPort = 9;

    private const int SourceOffset = 26;

    private const int DestinationOffset = 30;
    private const int SourcePortOffset = 34;
    private const ushort IPv4 = 0x0800;
    private const int LinkBytes = 14;
    private const int IPBytes = 46;

    public static byte[] Bytes(ReadOnlySpan<byte> destinationMac = default, uint source = 0x0A48_0102, uint destination = 0x0A48_0101)
    {
        var frame = new byte[Length];
        destinationMac.CopyTo(frame);
        Span<byte> sender = [0x02, 0, 0x5e, 0, 0x72, 0x01];
        sender.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), IPv4);
        var packet = frame.AsSpan(LinkBytes);
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], IPBytes);
        packet[8] = 64;
        packet[9] = 17;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(DestinationOffset), destination);
        SetSource(frame, source);
        SetSourcePort(frame, 1024);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(38), IPBytes - 20);
        return frame;
    }

    public static void SetSource(Span<byte> frame, uint source)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame[SourceOffset..], source);
        WriteChecksum(frame[LinkBytes..]);
    }

    public static void SetSourcePort(Span<byte> frame, ushort port) => BinaryPrimitives.WriteUInt16BigEndian(frame[SourcePortOffset..], port);

    // RFC 1071, over the twenty bytes of the header; without it the kernel drops the packet before any rule sees it.
    private static void WriteChecksum(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 0);
        uint sum = 0;
        for (var i = 0; i < 20; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~(sum + (sum >> 16)));
    }
}
