namespace Appliance.Router.Flows;

/// <summary>What has been learned of a flow from what is said in it, a bit each.</summary>
[Flags]
internal enum EntryNotes : byte
{
    None = 0,
    TriesDefaults = 1,
    HasFirstBytes = 2,
}
