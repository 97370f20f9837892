using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using static Appliance.Router.Nftables.ConntrackAttributes;

namespace Appliance.Router.Nftables;

/// <summary>Tracked connections from netlink bytes, as dumps and events carry them.</summary>
internal static class ConntrackEntry
{
    // nf_conntrack_proto_tcp.c, tcp_conntrack_names; LISTEN has become the second SYN_SENT of a simultaneous open.
    private static readonly string[] TcpStates =
        ["NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"];

    // nf_conntrack_proto_sctp.c, sctp_conntrack_names
    private static readonly string[] SctpStates =
        ["NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED"];

    /// <summary>False where a direction is missing, damaged, or of neither IPv4 nor IPv6.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Connection connection)
    {
        connection = default;
        if (payload.Length < NetlinkProtocol.FamilyHeaderLength)
        {
            return false;
        }

        var found = default(Parts);
        var reader = new AttributeReader(payload[NetlinkProtocol.FamilyHeaderLength..]);
        while (reader.TryRead(out var type, out var value))
        {
            found.Take(type, value);
        }

        if (!TryReadTuple(found.Original, out var original, out var originalZone) || !TryReadTuple(found.Reply, out var reply, out _))
        {
            return false;
        }

        connection = new Connection
        {
            Id = found.Id,
            Original = original,
            Reply = reply,
            Zone = found.Zone == 0 ? originalZone : found.Zone,
            Mark = found.Mark,
            State = StateOf(found.ProtocolState, found.Status),
            IdleLeft = TimeSpan.FromSeconds(found.Timeout),
            PacketsOut = Count(found.CountersOriginal, Packets),
            PacketsIn = Count(found.CountersReply, Packets),
            BytesOut = Count(found.CountersOriginal, Bytes),
            BytesIn = Count(found.CountersReply, Bytes),
        };
        return true;
    }

    private static bool TryReadTuple(ReadOnlySpan<byte> attributes, out ConnectionTuple tuple, out ushort zone)
    {
        tuple = default;
        zone = 0;
        ReadOnlySpan<byte> addresses = default;
        ReadOnlySpan<byte> protocol = default;
        var reader = new AttributeReader(attributes);
        while (reader.TryRead(out var type, out var value))
        {
            switch (type)
            {
                case TupleAddresses:
                    addresses = value;
                    break;
                case TupleProtocol:
                    protocol = value;
                    break;
                case TupleZone:
                    zone = AttributeReader.Number16(value);
                    break;
            }
        }

        if (!TryReadAddresses(addresses, out var source, out var destination) || !TryReadProtocol(protocol, out var number, out var ports, out var icmpId))
        {
            return false;
        }

        tuple = new(new FlowKey(source, destination, ports.Source, ports.Destination, number), icmpId);
        return true;
    }

    private static bool TryReadAddresses(ReadOnlySpan<byte> attributes, out UInt128 source, out UInt128 destination)
    {
        source = destination = 0;
        var found = 0;
        var reader = new AttributeReader(attributes);
        while (reader.TryRead(out var type, out var value))
        {
            var length = type is Source4 or Destination4 ? IPAddresses.IPv4Length : IPAddresses.IPv6Length;
            if (type is < Source4 or > Destination6 || value.Length != length)
            {
                continue;
            }

            // A bit an attribute, so that one that comes twice does not stand for two.
            found |= 1 << type;
            if (type is Source4 or Source6)
            {
                source = IPAddresses.FromBytes(value);
            }
            else
            {
                destination = IPAddresses.FromBytes(value);
            }
        }

        return found is (1 << Source4 | 1 << Destination4) or (1 << Source6 | 1 << Destination6);
    }

    private static bool TryReadProtocol(ReadOnlySpan<byte> attributes, out byte number, out (ushort Source, ushort Destination) ports, out ushort icmpId)
    {
        number = 0;
        ports = default;
        icmpId = 0;
        var isNamed = false;
        var reader = new AttributeReader(attributes);
        while (reader.TryRead(out var type, out var value))
        {
            switch (type)
            {
                case ProtocolNumber when value.Length == sizeof(byte):
                    number = value[0];
                    isNamed = true;
                    break;
                case SourcePort:
                    ports.Source = AttributeReader.Number16(value);
                    break;
                case DestinationPort:
                    ports.Destination = AttributeReader.Number16(value);
                    break;
                case IcmpId or IcmpV6Id:
                    icmpId = AttributeReader.Number16(value);
                    break;
                case IcmpType or IcmpV6Type:
                    ports.Source = AttributeReader.Number8(value);
                    break;
                case IcmpCode or IcmpV6Code:
                    ports.Destination = AttributeReader.Number8(value);
                    break;
            }
        }

        return isNamed;
    }

    private static long Count(ReadOnlySpan<byte> counters, ushort which) =>
        (long)Math.Min(AttributeReader.Number64(AttributeReader.Find(counters, which)), long.MaxValue);

    private static string StateOf(ReadOnlySpan<byte> states, uint status)
    {
        var reader = new AttributeReader(states);
        while (reader.TryRead(out var type, out var value))
        {
            var state = AttributeReader.Find(value, State);
            var names = type switch
            {
                TcpState => TcpStates,
                SctpState => SctpStates,
                _ => [],
            };
            if (state.Length == sizeof(byte) && state[0] < names.Length)
            {
                return names[state[0]];
            }
        }

        return (status & Assured) != 0 ? "ASSURED" : (status & SeenReply) != 0 ? "SEEN_REPLY" : "UNREPLIED";
    }

    /// <summary>The attributes of one entry, as they were found.</summary>
    private ref struct Parts
    {
        public ReadOnlySpan<byte> Original;
        public ReadOnlySpan<byte> Reply;
        public ReadOnlySpan<byte> ProtocolState;
        public ReadOnlySpan<byte> CountersOriginal;
        public ReadOnlySpan<byte> CountersReply;
        public uint Id;
        public uint Status;
        public uint Timeout;
        public uint Mark;
        public ushort Zone;

        public void Take(ushort type, ReadOnlySpan<byte> value)
        {
            switch (type)
            {
                case TupleOriginal:
                    Original = value;
                    break;
                case TupleReply:
                    Reply = value;
                    break;
                case ConntrackAttributes.ProtocolState:
                    ProtocolState = value;
                    break;
                case ConntrackAttributes.CountersOriginal:
                    CountersOriginal = value;
                    break;
                case ConntrackAttributes.CountersReply:
                    CountersReply = value;
                    break;
                case ConntrackAttributes.Id:
                    Id = AttributeReader.Number32(value);
                    break;
                case ConntrackAttributes.Status:
                    Status = AttributeReader.Number32(value);
                    break;
                case ConntrackAttributes.Timeout:
                    Timeout = AttributeReader.Number32(value);
                    break;
                case ConntrackAttributes.Mark:
                    Mark = AttributeReader.Number32(value);
                    break;
                case ConntrackAttributes.Zone:
                    Zone = AttributeReader.Number16(value);
                    break;
            }
        }
    }
}
