namespace Appliance.Router.Decoding;

/// <summary>IANA numbers of the protocols that decoding looks into.</summary>
internal static class IPProtocol
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    public const byte IPv4 = 4;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IPv6 = 41;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Gre = 47;
    public const byte Authentication = 51;
    public const byte IcmpV6 = 58;
    public const byte NoNext = 59;
    public const byte DestinationOptions = 60;
    public const byte Sctp = 132;

    /// <summary>IANA keyword in lower case; null for a protocol that is told by its number.</summary>
    public static string? NameOf(byte protocol) => protocol switch
    {
        Icmp => "icmp",
        2 => "igmp",
        IPv4 => "ipv4",
        Tcp => "tcp",
        Udp => "udp",
        IPv6 => "ipv6",
        Gre => "gre",
        50 => "esp",
        Authentication => "ah",
        IcmpV6 => "ipv6-icmp",
        89 => "ospf",
        103 => "pim",
        112 => "vrrp",
        Sctp => "sctp",
        _ => null,
    };
}
