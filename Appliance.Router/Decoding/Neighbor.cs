namespace Appliance.Router.Decoding;

/// <summary>One ARP or Neighbor Discovery message.</summary>
/// <remarks>The sender's address is zero for a probe; the target is the address asked for or announced.</remarks>
public readonly record struct Neighbor(NeighborKind Kind, MacAddress SenderMac, UInt128 Sender, UInt128 Target, bool IsIPv4)
{
    /// <summary>Sender of the frame, which may speak for another; zero where the link has no addresses.</summary>
    public MacAddress FrameMac { get; init; }

    /// <summary>0 where the frame had no tag.</summary>
    public ushort VlanId { get; init; }

    /// <summary>An advertisement that is not to override what others know (RFC 4861, 4.4).</summary>
    public bool IsWeak { get; init; }
}
