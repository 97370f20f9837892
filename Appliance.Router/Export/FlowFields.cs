using System.Buffers.Binary;
using System.Text;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Router.Export;

/// <summary>What is exported of a flow, by the names and numbers of IANA's registry of IPFIX information elements.</summary>
internal static class FlowFields
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const int LongestName = 15;

    // RFC 5102, 5.11.3.
    private const byte IdleTimeout = 1;
    private const byte ActiveTimeout = 2;
    private const byte EndOfFlow = 3;
    private const byte ForcedEnd = 4;
    private const byte LackOfResources = 5;

    // RFC 5103, 6.3.
    private const byte Arbitrary = 0;
    private const byte Initiator = 1;

    public static IReadOnlyList<FlowField> IPv4Addresses { get; } =
    [
        new(8, 4, (in Flow flow, Span<byte> to) => IPAddresses.Write(flow.Key.Source, to)), // sourceIPv4Address
        new(12, 4, (in Flow flow, Span<byte> to) => IPAddresses.Write(flow.Key.Destination, to)), // destinationIPv4Address
    ];

    public static IReadOnlyList<FlowField> IPv6Addresses { get; } =
    [
        new(27, 16, (in Flow flow, Span<byte> to) => WriteWhole(to, flow.Key.Source)), // sourceIPv6Address
        new(28, 16, (in Flow flow, Span<byte> to) => WriteWhole(to, flow.Key.Destination)), // destinationIPv6Address
    ];

    // nfdump up to 1.7.1 takes a reverse element that it does not know for the forward one, so the forward one comes after it and wins.
    public static IReadOnlyList<FlowField> Ports { get; } =
    [
        new(7, 2, (in Flow flow, Span<byte> to) => Write(to, flow.Key.SourcePort)), // sourceTransportPort
        new(11, 2, (in Flow flow, Span<byte> to) => Write(to, flow.Key.DestinationPort)), // destinationTransportPort
        new(6, 1, (in Flow flow, Span<byte> to) => Write(to, flow.TcpFlagsIn)) { IsReverse = true }, // reverseTcpControlBits
        new(6, 1, (in Flow flow, Span<byte> to) => Write(to, flow.TcpFlagsOut)), // tcpControlBits
    ];

    // Not both these and the ports: nfdump keeps them in one place.
    public static IReadOnlyList<FlowField> IcmpV4 { get; } = [new(32, 2, WriteTypeAndCode)]; // icmpTypeCodeIPv4

    public static IReadOnlyList<FlowField> IcmpV6 { get; } = [new(139, 2, WriteTypeAndCode)]; // icmpTypeCodeIPv6

    public static IReadOnlyList<FlowField> Times { get; } =
    [
        new(152, 8, (in Flow flow, Span<byte> to) => Write(to, flow.StartTime / NanosecondsPerMillisecond)), // flowStartMilliseconds
        new(153, 8, (in Flow flow, Span<byte> to) => Write(to, flow.EndTime / NanosecondsPerMillisecond)), // flowEndMilliseconds
    ];

    public static IReadOnlyList<FlowField> Rest { get; } =
    [
        new(4, 1, (in Flow flow, Span<byte> to) => Write(to, flow.Key.Protocol)), // protocolIdentifier
        new(1, 8, (in Flow flow, Span<byte> to) => Write(to, flow.BytesOut)), // octetDeltaCount
        new(2, 8, (in Flow flow, Span<byte> to) => Write(to, flow.PacketsOut)), // packetDeltaCount
        new(1, 8, (in Flow flow, Span<byte> to) => Write(to, flow.BytesIn)) { IsReverse = true }, // reverseOctetDeltaCount
        new(2, 8, (in Flow flow, Span<byte> to) => Write(to, flow.PacketsIn)) { IsReverse = true }, // reversePacketDeltaCount
        new(136, 1, (in Flow flow, Span<byte> to) => Write(to, ReasonOf(flow.EndReason))), // flowEndReason
        new(239, 1, (in Flow flow, Span<byte> to) => Write(to, flow.IsMidstream ? Arbitrary : Initiator)), // biflowDirection
        new(56, 6, (in Flow flow, Span<byte> to) => Write(to, flow.SourceMac)), // sourceMacAddress
        new(80, 6, (in Flow flow, Span<byte> to) => Write(to, flow.DestinationMac)), // destinationMacAddress
        new(58, 2, (in Flow flow, Span<byte> to) => Write(to, flow.VlanId)), // vlanId
        new(96, FlowField.Variable, (in Flow flow, Span<byte> to) => WriteText(to, NameOf(flow.Application))), // applicationName
        new(82, FlowField.Variable, (in Flow flow, Span<byte> to) => WriteName(to, flow.Interface)), // interfaceName
    ];

    private static int WriteTypeAndCode(in Flow flow, Span<byte> to) => Write(to, (ushort)((flow.Key.SourcePort << 8) | (byte)flow.Key.DestinationPort));

    private static byte ReasonOf(EndReason reason) => reason switch
    {
        EndReason.None => ActiveTimeout,
        EndReason.Idle => IdleTimeout,
        EndReason.Evicted => LackOfResources,
        EndReason.CaptureEnded => ForcedEnd,
        _ => EndOfFlow,
    };

    private static ReadOnlySpan<byte> NameOf(ApplicationKind application) => application switch
    {
        ApplicationKind.Ssh => "ssh"u8,
        ApplicationKind.Ftp => "ftp"u8,
        ApplicationKind.Http => "http"u8,
        ApplicationKind.Telnet => "telnet"u8,
        ApplicationKind.Mqtt => "mqtt"u8,
        ApplicationKind.Tls => "tls"u8,
        ApplicationKind.Dns => "dns"u8,
        ApplicationKind.Dhcp => "dhcp"u8,
        _ => default,
    };

    private static int Write(Span<byte> to, byte value)
    {
        to[0] = value;
        return sizeof(byte);
    }

    private static int Write(Span<byte> to, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, value);
        return sizeof(ushort);
    }

    private static int Write(Span<byte> to, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, value);
        return sizeof(long);
    }

    private static int Write(Span<byte> to, MacAddress address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(address.Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(to[sizeof(ushort)..], (uint)address.Value);
        return MacAddress.Length;
    }

    private static int WriteWhole(Span<byte> to, UInt128 address)
    {
        BinaryPrimitives.WriteUInt128BigEndian(to, address);
        return IPAddresses.IPv6Length;
    }

    // Linux names interfaces by 15 bytes at most (IFNAMSIZ); what is longer is no name of one.
    private static int WriteName(Span<byte> to, string? name)
    {
        Encoding.UTF8.TryGetBytes(name, to.Slice(1, LongestName), out var length);
        to[0] = (byte)length;
        return 1 + length;
    }

    // Shorter than 255 bytes: the length takes one.
    private static int WriteText(Span<byte> to, ReadOnlySpan<byte> text)
    {
        to[0] = (byte)text.Length;
        text.CopyTo(to[1..]);
        return 1 + text.Length;
    }
}
