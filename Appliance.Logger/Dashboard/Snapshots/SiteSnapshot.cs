using Appliance.Logger.Alerts;

namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>The site at one moment: what every open page shows. Never changes; parts that did not change are the same objects as before.</summary>
/// <param name="Time">When it was taken.</param>
/// <param name="Site">Name of the site.</param>
/// <param name="Nodes">In the order of the board's slots.</param>
/// <param name="Blocks">Soonest expiry first.</param>
/// <param name="AreBlocksCurrent">False while the Router does not answer: the list is then the last one known.</param>
/// <param name="Rates">Oldest first, one a second, at most 15 minutes.</param>
/// <param name="OpenAlerts">By severity word.</param>
/// <param name="Newest">The first page of the inbox without a filter.</param>
/// <param name="AlertsVersion">Counts up with each change to any alert.</param>
public sealed record SiteSnapshot(
    DateTimeOffset Time,
    string Site,
    IReadOnlyList<NodeTile> Nodes,
    IReadOnlyList<BlockLine> Blocks,
    bool AreBlocksCurrent,
    IReadOnlyList<RatePoint> Rates,
    IReadOnlyDictionary<string, int> OpenAlerts,
    IReadOnlyList<StoredAlert> Newest,
    long AlertsVersion)
{
    /// <summary>True when everything works that protects the network.</summary>
    public bool IsProtected => Nodes.Count > 0 && Nodes.All(node => node.State == TileState.Up) && Blocks.All(block => block.InKernel);
}
