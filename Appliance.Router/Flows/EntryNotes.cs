namespace Appliance.Router.Flows;

/// <summary>What has been learned of a flow from what is said in it, a bit each.</summary>
[Flags]
internal enum EntryNotes : byte
{
    None = 0,
    TriesDefaults = 1,
    HasFirstBytes = 2,

    /// <summary>The first bytes of the source have been seen.</summary>
    BeganOut = 4,

    /// <summary>The first bytes of the destination have been seen.</summary>
    BeganIn = 8,
}
