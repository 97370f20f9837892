namespace Appliance.Router.Flows;

/// <summary>Where a flow table stands among those of the Router.</summary>
/// <param name="Interface">The interface that its packets come from; empty for a file.</param>
/// <param name="IsOutside">Whether the stations there are not ours.</param>
/// <param name="Ordinals">The numbers that all tables share.</param>
public sealed record TablePlace(string Interface, bool IsOutside, FlowOrdinals Ordinals)
{
    /// <summary>The only table.</summary>
    public static TablePlace Alone() => new("", IsOutside: false, new FlowOrdinals());
}
