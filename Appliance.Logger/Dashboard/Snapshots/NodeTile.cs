namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>One node at a glance; the text says why it is not simply up, and is empty when it is.</summary>
public sealed record NodeTile(string Role, TileState State, DateTimeOffset Since, string Text);
