using System.Buffers.Binary;
using System.Net;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>A packet as it was seen at some place.</summary>
internal sealed record Sighting(string Place, IPAddress Source, IPAddress Destination, byte Protocol)
{
    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }

    public byte Type { get; init; }

    public byte Code { get; init; }

    public byte Flags { get; init; }

    public uint Sequence { get; init; }

    public uint Acknowledgment { get; init; }

    /// <summary>The mark of the test's packet that this one is, or quotes; 0 when none.</summary>
    public uint Mark { get; init; }

    /// <summary>ICMP "administratively prohibited" (RFC 1812, 5.2.7.1; RFC 4443, 3.1).</summary>
    public bool IsProhibited => (Protocol, Type, Code) is (Packet.Icmp, 3, 13) or (Packet.IcmpV6, 1, 1);

    /// <summary>Reads an IP packet; null when it is neither IPv4 nor IPv6.</summary>
    public static Sighting? Read(string place, ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= 20 && packet[0] >> 4 == 4)
        {
            var header = (packet[0] & 0xf) * 4;
            var end = Math.Min(packet.Length, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
            return ReadSegment(place, new IPAddress(packet.Slice(12, 4)), new IPAddress(packet.Slice(16, 4)), packet[9], packet[header..end]);
        }

        return packet.Length >= 40 && packet[0] >> 4 == 6
            ? ReadSegment(place, new IPAddress(packet.Slice(8, 16)), new IPAddress(packet.Slice(24, 16)), packet[6], packet[40..])
            : null;
    }

    /// <summary>Reads what follows the IP header.</summary>
    public static Sighting ReadSegment(string place, IPAddress source, IPAddress destination, byte protocol, ReadOnlySpan<byte> segment)
    {
        _ = Packet.TryReadMark(segment, out var mark);
        var seen = new Sighting(place, source, destination, protocol) { Mark = mark };
        return protocol switch
        {
            Packet.TcpProtocol when segment.Length >= 20 => seen with
            {
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(segment),
                DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]),
                Sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]),
                Acknowledgment = BinaryPrimitives.ReadUInt32BigEndian(segment[8..]),
                Flags = segment[13],
            },
            Packet.UdpProtocol when segment.Length >= 8 => seen with
            {
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(segment),
                DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]),
            },
            Packet.Icmp or Packet.IcmpV6 when segment.Length >= 8 => seen with { Type = segment[0], Code = segment[1] },
            _ => seen,
        };
    }
}
