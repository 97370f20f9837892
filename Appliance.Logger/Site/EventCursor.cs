namespace Appliance.Logger.Site;

/// <summary>The last event of a role that is on disk here.</summary>
internal sealed record EventCursor(string Epoch, ulong Sequence);
