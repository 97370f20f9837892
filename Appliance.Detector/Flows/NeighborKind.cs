namespace Appliance.Detector.Flows;

/// <summary>What an ARP or Neighbor Discovery message asks or tells.</summary>
public enum NeighborKind : byte
{
    None,
    Request,
    Reply,

    /// <summary>A request or reply of the sender for its own address.</summary>
    Announcement,
}
