namespace Appliance.Router.Decoding;

/// <summary>What an ARP or Neighbor Discovery message does.</summary>
public enum NeighborKind : byte
{
    None,
    Request,
    Reply,

    /// <summary>A request or reply of the sender for its own address.</summary>
    Announcement,
}
