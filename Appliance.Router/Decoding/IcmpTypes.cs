namespace Appliance.Router.Decoding;

/// <summary>Types of ICMP and ICMPv6 messages, and which of them answer each other.</summary>
internal static class IcmpTypes
{
    public const byte EchoReply = 0;
    public const byte Unreachable = 3;
    public const byte FragmentationNeededCode = 4;
    public const byte Echo = 8;
    public const byte UnreachableV6 = 1;
    public const byte EchoV6 = 128;
    public const byte EchoReplyV6 = 129;

    public static bool IsEcho(byte protocol, byte type) =>
        protocol == IPProtocol.Icmp ? type is Echo or EchoReply : type is EchoV6 or EchoReplyV6;

    /// <summary>The type that answers, or is answered by, the given one; null for a one-way message (Community ID v1).</summary>
    public static byte? OppositeOf(byte protocol, byte type) => protocol == IPProtocol.Icmp
        ? type switch
        {
            EchoReply => Echo,
            Echo => EchoReply,
            9 => 10,
            10 => 9,
            13 => 14,
            14 => 13,
            15 => 16,
            16 => 15,
            17 => 18,
            18 => 17,
            _ => null,
        }
        : type switch
        {
            128 => 129,
            129 => 128,
            130 => 131,
            131 => 130,
            133 => 134,
            134 => 133,
            135 => 136,
            136 => 135,
            139 => 140,
            140 => 139,
            144 => 145,
            145 => 144,
            _ => null,
        };
}
