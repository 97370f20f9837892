using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Logger.Site;

namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>What the Logger knows of the site, in the words of the page.</summary>
internal sealed class SiteView(NodeStates nodes, BlocksInForce blocks, TrafficPoints traffic)
{
    public bool AreBlocksCurrent => blocks.IsCurrent;

    public IReadOnlyList<NodeTile> Nodes() => [.. nodes.Snapshot.Select(Tile)];

    /// <summary>Soonest expiry first.</summary>
    public IReadOnlyList<BlockLine> Blocks() => [.. blocks.Snapshot.OrderBy(block => block.ExpireTime).Select(Line)];

    public IReadOnlyList<RatePoint> Rates() =>
        [.. traffic.Snapshot.Select(point => new RatePoint(point.Time, point.PacketsPerSecond, point.BitsPerSecond))];

    private static NodeTile Tile(NodeState node) =>
        new(node.Role.Word(), State(node.Condition), node.Since, node.Condition == NodeCondition.Degraded ? Why(node.Parts) : "");

    // The worst part speaks for the node.
    private static string Why(IReadOnlyList<NodePart> parts) =>
        parts.Where(part => part.State != PartState.Healthy).MaxBy(part => part.State) is { } worst ? $"{worst.Name}: {worst.Text}" : "";

    private static BlockLine Line(ActiveBlock block) =>
        new(block.Id, block.Target, block.IsRateLimit, !block.IsRendered, block.Reason, block.AlertId, block.ExpireTime);

    private static TileState State(NodeCondition condition) => condition switch
    {
        NodeCondition.Up => TileState.Up,
        NodeCondition.Degraded => TileState.Degraded,
        _ => TileState.Down,
    };
}
