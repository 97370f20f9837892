namespace Appliance.Router.Decoding;

/// <summary>One ARP or Neighbor Discovery message.</summary>
/// <remarks>The sender's address is zero for a probe; the target is the address asked for or announced.</remarks>
public readonly record struct Neighbor(NeighborKind Kind, MacAddress SenderMac, UInt128 Sender, UInt128 Target, bool IsIPv4);
