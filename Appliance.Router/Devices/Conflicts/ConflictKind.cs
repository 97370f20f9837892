namespace Appliance.Router.Devices.Conflicts;

/// <summary>In what way two stations are at odds over an address.</summary>
public enum ConflictKind : byte
{
    None,

    /// <summary>A station says that it has an address which another one has.</summary>
    Claimed,

    /// <summary>A router answers for the address of a neighbor, or did before the neighbor spoke: proxy ARP (RFC 1027).</summary>
    Proxied,

    /// <summary>The message names another station than the frame's sender.</summary>
    SenderMismatch,
}
