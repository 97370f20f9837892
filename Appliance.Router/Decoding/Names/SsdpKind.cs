namespace Appliance.Router.Decoding.Names;

/// <summary>What an SSDP message does.</summary>
public enum SsdpKind : byte
{
    None,

    /// <summary>NOTIFY: a device or service has come, goes, or is still there.</summary>
    Announcement,

    /// <summary>M-SEARCH.</summary>
    Search,

    /// <summary>The answer to a search.</summary>
    Answer,
}
