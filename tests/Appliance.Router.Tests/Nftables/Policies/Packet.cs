using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>One packet as a test means it; its last eight bytes name it, wherever it is seen again.</summary>
/// <remarks>For ICMP the source port is the identifier of an echo.</remarks>
internal sealed record Packet(IPAddress Source, IPAddress Destination, byte Protocol)
{
    public const byte Icmp = 1;
    public const byte TcpProtocol = 6;
    public const byte UdpProtocol = 17;
    public const byte IcmpV6 = 58;

    /// <summary>RFC 3692: for experiments.</summary>
    public const byte Experiment = 253;

    public const byte Fin = 1;
    public const byte Syn = 2;
    public const byte Reset = 4;
    public const byte Push = 8;
    public const byte Ack = 16;

    private const uint Magic = 0x4150_5450;
    private const int MarkLength = 8;

    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }

    public byte Type { get; init; }

    public byte Code { get; init; }

    public byte Flags { get; init; }

    /// <summary>The sender's station; null for that of the namespace it is sent from.</summary>
    public MacAddress? Station { get; init; }

    /// <summary>Neighbour Discovery has 255 (RFC 4861, 6.1).</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>What an ICMP error complains of.</summary>
    public Packet? Quoted { get; init; }

    public uint Mark { get; init; }

    public bool IsIPv6 => Source.AddressFamily == AddressFamily.InterNetworkV6;

    public bool IsIcmp => Protocol == (IsIPv6 ? IcmpV6 : Icmp);

    public static Packet Tcp(IPAddress source, IPAddress destination, int port, int from = 40_000, byte flags = Syn) =>
        new(source, destination, TcpProtocol) { SourcePort = (ushort)from, DestinationPort = (ushort)port, Flags = flags };

    public static Packet Udp(IPAddress source, IPAddress destination, int port, int from = 40_000) =>
        new(source, destination, UdpProtocol) { SourcePort = (ushort)from, DestinationPort = (ushort)port };

    /// <summary>An ICMP message by its number in IPv4, or in IPv6.</summary>
    public static Packet Message(IPAddress source, IPAddress destination, byte type, byte code = 0, int identifier = 1) =>
        new(source, destination, source.AddressFamily == AddressFamily.InterNetworkV6 ? IcmpV6 : Icmp) { SourcePort = (ushort)identifier, Type = type, Code = code };

    public static Packet Echo(IPAddress source, IPAddress destination, int identifier = 1) =>
        Message(source, destination, source.AddressFamily == AddressFamily.InterNetworkV6 ? (byte)128 : (byte)8, 0, identifier);

    /// <summary>"Host unreachable", said of a packet by a station.</summary>
    public static Packet Error(IPAddress by, Packet of) => new(by, of.Source, of.IsIPv6 ? IcmpV6 : Icmp) { Type = of.IsIPv6 ? (byte)1 : (byte)3, Code = of.IsIPv6 ? (byte)3 : (byte)1, Quoted = of };

    /// <summary>What the far end sends back.</summary>
    public Packet Answer() => this with
    {
        Source = Destination,
        Destination = Source,
        SourcePort = IsIcmp ? SourcePort : DestinationPort,
        DestinationPort = IsIcmp ? DestinationPort : SourcePort,
        Type = (Protocol, Type) switch { (Icmp, 8) => 0, (IcmpV6, 128) => 129, _ => Type },
        Flags = Protocol == TcpProtocol ? (byte)(Syn | Ack) : (byte)0,
        Station = null,
    };

    /// <summary>The IP packet, checksums and all: conntrack calls one with a wrong sum invalid.</summary>
    public byte[] ToBytes()
    {
        var segment = Segment();
        var sumAt = Protocol switch { TcpProtocol => 16, UdpProtocol => 6, Icmp or IcmpV6 => 2, _ => -1 };
        if (sumAt >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(sumAt), Sum(Protocol == Icmp ? segment : [.. PseudoHeader(segment.Length), .. segment]));
        }

        return IsIPv6 ? Wrap6(segment) : Wrap4(segment);
    }

    /// <summary>The mark that a packet, or the part of it that an ICMP error quotes, ends with.</summary>
    public static bool TryReadMark(ReadOnlySpan<byte> bytes, out uint mark)
    {
        mark = 0;
        if (bytes.Length < MarkLength || BinaryPrimitives.ReadUInt32BigEndian(bytes[^MarkLength..]) != Magic)
        {
            return false;
        }

        mark = BinaryPrimitives.ReadUInt32BigEndian(bytes[^4..]);
        return true;
    }

    /// <summary>True for a TCP reset that answers this packet (RFC 9293, 3.5.2).</summary>
    public bool IsResetBy(Sighting seen) => Protocol == TcpProtocol && seen.Protocol == TcpProtocol && (seen.Flags & Reset) != 0
        && seen.SourcePort == DestinationPort && seen.DestinationPort == SourcePort
        && ((Flags & Ack) != 0 ? seen.Sequence == Mark : seen.Acknowledgment == Mark + MarkLength + (uint)((Flags & Syn) >> 1) + (uint)(Flags & Fin));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Protocol} {Source}:{SourcePort} -> {Destination}:{DestinationPort} type {Type} code {Code} flags {Flags:x2}{(Station is { } station ? $" from {station}" : "")}{(Quoted is null ? "" : $" quoting ({Quoted})")}");

    private byte[] Segment()
    {
        byte[] mark = [.. Number32(Magic), .. Number32(Mark)];
        return Protocol switch
        {
            TcpProtocol => [.. Ports(), .. Number32(Mark), .. Number32((Flags & Ack) != 0 ? Mark : 0), 0x50, Flags, 0xff, 0xff, 0, 0, 0, 0, .. mark],
            UdpProtocol => [.. Ports(), 0, 8 + MarkLength, 0, 0, .. mark],
            Icmp or IcmpV6 when Quoted is not null => [Type, Code, 0, 0, 0, 0, 0, 0, .. (Quoted with { Mark = Mark }).ToBytes()],
            Icmp or IcmpV6 => [Type, Code, 0, 0, .. Number16(SourcePort), 0, 1, .. mark],
            _ => mark,
        };
    }

    private byte[] Ports() => [.. Number16(SourcePort), .. Number16(DestinationPort)];

    private byte[] PseudoHeader(int length) => [.. Source.GetAddressBytes(), .. Destination.GetAddressBytes(), 0, Protocol, .. Number16((ushort)length)];

    private byte[] Wrap4(byte[] segment)
    {
        byte[] header = [0x45, 0, .. Number16((ushort)(20 + segment.Length)), 0, 1, 0, 0, HopLimit, Protocol, 0, 0, .. Source.GetAddressBytes(), .. Destination.GetAddressBytes()];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Sum(header));
        return [.. header, .. segment];
    }

    private byte[] Wrap6(byte[] segment) =>
        [0x60, 0, 0, 0, .. Number16((ushort)segment.Length), Protocol, HopLimit, .. Source.GetAddressBytes(), .. Destination.GetAddressBytes(), .. segment];

    // RFC 1071; a UDP sum of 0 would mean none.
    private static ushort Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var index = 0; index < bytes.Length; index++)
        {
            sum += (uint)bytes[index] << ((index & 1) == 0 ? 8 : 0);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        sum += sum >> 16;
        var result = (ushort)~sum;
        return result == 0 ? (ushort)0xffff : result;
    }

    private static byte[] Number16(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Number32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
