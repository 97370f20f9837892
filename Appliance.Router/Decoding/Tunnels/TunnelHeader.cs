using System.Buffers.Binary;

namespace Appliance.Router.Decoding.Tunnels;

/// <summary>What stands between an IP header and the packet or frame that a tunnel carries.</summary>
internal readonly record struct TunnelHeader(ushort Type, int Length)
{
    /// <summary>RFC 7348, 5.</summary>
    public const ushort VxlanPort = 4789;
    private const int VxlanLength = 8;
    private const byte VxlanFlag = 0x08;
    private const int PppoeLength = 6;
    private const byte PppoeVersion = 0x11;
    private const ushort PppIPv4 = 0x0021;
    private const ushort PppIPv6 = 0x0057;

    /// <summary>Bytes of a PPPoE header and of the number that says what PPP carries.</summary>
    public const int PppoeSessionLength = PppoeLength + 2;

    /// <summary>Reads from behind the IP header on; false when the tunnel carries neither IP nor Ethernet.</summary>
    public static bool TryRead(byte protocol, ReadOnlySpan<byte> bytes, out TunnelHeader header)
    {
        header = default;
        switch (protocol)
        {
            case IPProtocol.IPv4:
                header = new(EtherType.IPv4, 0);
                return true;
            case IPProtocol.IPv6:
                header = new(EtherType.IPv6, 0);
                return true;
            case IPProtocol.Gre when GreHeader.TryRead(bytes, out var gre):
                header = new(gre.Type, gre.Length);
                return gre.Type is EtherType.IPv4 or EtherType.IPv6 or EtherType.Ethernet;
            case IPProtocol.Udp when bytes.Length >= UdpHeader.Length + VxlanLength && (bytes[UdpHeader.Length] & VxlanFlag) != 0:
                header = new(EtherType.Ethernet, UdpHeader.Length + VxlanLength);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads a frame of a PPPoE session (RFC 2516, 4) and how many bytes of PPP payload it says to hold.</summary>
    public static bool TryReadPppoe(ReadOnlySpan<byte> bytes, out ushort type, out int payloadLength)
    {
        type = 0;
        payloadLength = 0;
        if (bytes.Length < PppoeSessionLength || bytes[0] != PppoeVersion || bytes[1] != 0)
        {
            return false;
        }

        payloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) - 2;
        type = BinaryPrimitives.ReadUInt16BigEndian(bytes[PppoeLength..]) switch
        {
            PppIPv4 => EtherType.IPv4,
            PppIPv6 => EtherType.IPv6,
            _ => (ushort)0,
        };
        return type != 0 && payloadLength > 0;
    }
}
