using Appliance.Router.Flows;

namespace Appliance.Router;

/// <summary>All paths that packets take: one for a file, one for each thread of each interface. Safe for any thread.</summary>
internal sealed class PacketPaths(IReadOnlyList<PacketPath> all)
{
    /// <summary>The one path of a file.</summary>
    public PacketPath First => all[0];

    public int Count => all.Count;

    public IReadOnlyList<PacketPath> All => all;

    /// <summary>Paths on which the stations are ours.</summary>
    public IReadOnlyList<PacketPath> Inside { get; } = [.. all.Where(path => !path.IsOutside)];

    /// <summary>The clock of the path that is furthest behind: no event before it is still to come.</summary>
    public long Now => all.Min(path => path.Now);

    public PathTotals Totals => all.Aggregate(default(PathTotals), (sum, path) => sum + path.Totals);

    /// <summary>The paths of an interface, one a thread.</summary>
    public IReadOnlyList<PacketPath> Of(string interfaceName) => [.. all.Where(path => path.Interface == interfaceName)];

    /// <summary>Flows that began before the one with the given ordinal, newest first.</summary>
    public IReadOnlyList<ListedFlow> ListFlows(long beforeOrdinal, int count) =>
        [.. all.SelectMany(path => path.ListFlows(beforeOrdinal, count)).OrderByDescending(listed => listed.Ordinal).Take(count)];
}
