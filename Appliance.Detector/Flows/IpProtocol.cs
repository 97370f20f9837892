namespace Appliance.Detector.Flows;

/// <summary>IANA protocol numbers.</summary>
internal static class IpProtocol
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IcmpV6 = 58;

    public static bool IsIcmp(byte protocol) => protocol is Icmp or IcmpV6;
}
