namespace Appliance.Router.Nftables;

/// <summary>Numbers of linux/netfilter/nfnetlink_conntrack.h and nf_conntrack_common.h.</summary>
internal static class ConntrackAttributes
{
    // enum ctattr_type
    public const ushort TupleOriginal = 1;
    public const ushort TupleReply = 2;
    public const ushort Status = 3;
    public const ushort ProtocolState = 4;
    public const ushort Timeout = 7;
    public const ushort Mark = 8;
    public const ushort CountersOriginal = 9;
    public const ushort CountersReply = 10;
    public const ushort Id = 12;
    public const ushort Zone = 18;
    public const ushort Filter = 25;

    // enum ctattr_tuple
    public const ushort TupleAddresses = 1;
    public const ushort TupleProtocol = 2;
    public const ushort TupleZone = 3;

    // enum ctattr_ip
    public const ushort Source4 = 1;
    public const ushort Destination4 = 2;
    public const ushort Source6 = 3;
    public const ushort Destination6 = 4;

    // enum ctattr_l4proto
    public const ushort ProtocolNumber = 1;
    public const ushort SourcePort = 2;
    public const ushort DestinationPort = 3;
    public const ushort IcmpId = 4;
    public const ushort IcmpType = 5;
    public const ushort IcmpCode = 6;
    public const ushort IcmpV6Id = 7;
    public const ushort IcmpV6Type = 8;
    public const ushort IcmpV6Code = 9;

    // enum ctattr_protoinfo, each with its state as the first attribute
    public const ushort TcpState = 1;
    public const ushort DccpState = 2;
    public const ushort SctpState = 3;
    public const ushort State = 1;

    // enum ctattr_counters
    public const ushort Packets = 1;
    public const ushort Bytes = 2;

    // enum ip_conntrack_status
    public const uint SeenReply = 1 << 1;
    public const uint Assured = 1 << 2;
}
