using System.Buffers.Binary;
using Appliance.Router.Decoding;
using Appliance.Router.Nftables.Rendering;

namespace Appliance.Router.Nftables;

/// <summary>Logged packets from netlink bytes (enums nfulnl_attr_type and nfulnl_attr_config).</summary>
internal static class LogCodec
{
    // The headers of IPv6 with some extensions and the ports; the kernel cuts off the rest.
    private const int CopiedBytes = 128;

    // Hundredths of a second that the kernel may collect packets for, of which it tells several at once.
    private const uint FlushTime = 10;

    private const ushort Command = 1;
    private const ushort Mode = 2;
    private const ushort FlushTimeout = 4;
    private const ushort Options = 6;
    private const ushort Numbered = 1;
    private const byte Bind = 1;
    private const byte CopyPacket = 2;
    private const ushort InInterface = 4;
    private const ushort OutInterface = 5;
    private const ushort Content = 9;
    private const ushort Prefix = 10;
    private const ushort Number = 12;

    /// <summary>Asks for a group's packets from now on.</summary>
    public static void WriteBind(ref MessageWriter writer, uint sequence, ushort group)
    {
        Span<byte> mode = stackalloc byte[6];
        BinaryPrimitives.WriteInt32BigEndian(mode, CopiedBytes);
        mode[4] = CopyPacket;
        mode[5] = 0;
        var message = writer.Begin(NetlinkProtocol.LogConfiguration, NetlinkProtocol.Request | NetlinkProtocol.Acknowledge, sequence, NetlinkProtocol.FamilyUnspecified, group);
        writer.Bytes(Command, [Bind]);
        writer.Bytes(Mode, mode);
        writer.Number32(FlushTimeout, FlushTime);
        writer.Number16(Options, Numbered);
        writer.End(message);
    }

    /// <summary>The number of a packet of the group; one more than that of the packet before, unless the kernel dropped some in between.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> payload, out uint number)
    {
        var value = payload.Length < NetlinkProtocol.FamilyHeaderLength ? default : AttributeReader.Find(payload[NetlinkProtocol.FamilyHeaderLength..], Number);
        number = AttributeReader.Number32(value);
        return value.Length == sizeof(uint);
    }

    /// <summary>False for what no rule of ours has logged, and for what is no IP packet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out LoggedPacket packet)
    {
        packet = default;
        if (payload.Length < NetlinkProtocol.FamilyHeaderLength)
        {
            return false;
        }

        var attributes = payload[NetlinkProtocol.FamilyHeaderLength..];
        var prefix = AttributeReader.Text(AttributeReader.Find(attributes, Prefix));
        if (!prefix.StartsWith(RuleChains.LogPrefix, StringComparison.Ordinal) || !TryReadHeaders(AttributeReader.Find(attributes, Content), out var headers))
        {
            return false;
        }

        packet = headers with
        {
            RuleId = prefix[RuleChains.LogPrefix.Length..].TrimEnd(' '),
            InInterface = AttributeReader.Number32(AttributeReader.Find(attributes, InInterface)),
            OutInterface = AttributeReader.Number32(AttributeReader.Find(attributes, OutInterface)),
        };
        return true;
    }

    private static bool TryReadHeaders(ReadOnlySpan<byte> bytes, out LoggedPacket packet)
    {
        packet = default;
        if (IPv4Header.TryRead(bytes, out var version4))
        {
            packet = new LoggedPacket("", 0, 0, IPAddresses.FromIPv4(version4.Source), IPAddresses.FromIPv4(version4.Destination), version4.Protocol);
            return version4.Fragment.Offset > 0 || TryReadPorts(bytes[version4.Length..], ref packet);
        }

        if (IPv6Header.TryRead(bytes, out var version6))
        {
            packet = new LoggedPacket("", 0, 0, version6.Source, version6.Destination, version6.Protocol);
            return version6.Fragment.Offset > 0 || !version6.IsComplete || version6.Length > bytes.Length || TryReadPorts(bytes[version6.Length..], ref packet);
        }

        return false;
    }

    // True all the same where there are none: who sent it is worth a line.
    private static bool TryReadPorts(ReadOnlySpan<byte> transport, ref LoggedPacket packet)
    {
        if (packet.Protocol is IPProtocol.Tcp or IPProtocol.Udp && transport.Length >= 2 * sizeof(ushort))
        {
            packet = packet with
            {
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(transport),
                DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]),
            };
        }

        return true;
    }
}
