namespace Appliance.Router.Decoding;

/// <summary>What decoding found in one frame; valid as long as the frame.</summary>
internal ref struct Packet
{
    public long Time { get; set; }

    public MacAddress SourceMac { get; set; }

    public MacAddress DestinationMac { get; set; }

    /// <summary>Innermost tag; 0 without one.</summary>
    public ushort VlanId { get; set; }

    /// <summary>Headers of the tunnel that the packet came in, outer IP or PPPoE first; empty for all others.</summary>
    public ReadOnlySpan<byte> Outer { get; set; }

    /// <summary>Set for an ARP or Neighbor Discovery message.</summary>
    public Neighbor Neighbor { get; set; }

    /// <summary>False when the frame carries no IP packet (ARP).</summary>
    public bool IsIP { get; set; }

    public bool IsIPv4 { get; set; }

    public UInt128 Source { get; set; }

    public UInt128 Destination { get; set; }

    public byte Protocol { get; set; }

    /// <summary>For ICMP the type.</summary>
    public ushort SourcePort { get; set; }

    /// <summary>For ICMP the type of the opposite message, or the code where there is none (Community ID v1).</summary>
    public ushort DestinationPort { get; set; }

    public byte IcmpCode { get; set; }

    /// <summary>The second half of an ICMP header, which each type uses in its own way; 0 where it was not captured.</summary>
    public uint IcmpRest { get; set; }

    /// <summary>Of IPv6; 255 shows that no router has passed the packet on.</summary>
    public byte HopLimit { get; set; }

    public Fragment Fragment { get; set; }

    /// <summary>Bytes of the IP packet, headers included, by the original length.</summary>
    public long IPBytes { get; set; }

    /// <summary>0 for other protocols, and where the flags were not captured.</summary>
    public TcpControl TcpFlags { get; set; }

    public uint TcpSequence { get; set; }

    public uint TcpAcknowledgment { get; set; }

    /// <summary>Captured part of what the transport header is followed by; for ICMP what follows the first 8 bytes.</summary>
    /// <remarks>Of a fragment that was captured whole all that it carries, until it has been resolved.</remarks>
    public ReadOnlySpan<byte> Payload { get; set; }

    /// <summary>How much of the payload of such a fragment is headers; 0 for all other packets.</summary>
    public int HeaderBytes { get; set; }

    /// <summary>Length of the payload on the wire.</summary>
    public int PayloadBytes { get; set; }
}
