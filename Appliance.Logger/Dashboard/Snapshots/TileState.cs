namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>How a node is, as its tile shows it.</summary>
public enum TileState
{
    Down,
    Degraded,
    Up,
}
