using Appliance.Router.Capture;

namespace Appliance.Router.Traffic;

/// <summary>Tells which flows of the provider's side are seen on an inside interface as well.</summary>
internal sealed class PassedOnFlows(IReadOnlyList<InterfaceOptions> interfaces, OwnStations own)
{
    private readonly HashSet<string> _outside = [.. interfaces.Where(watched => watched.IsOutside).Select(watched => watched.Name)];
    private readonly bool _hasInside = interfaces.Any(watched => !watched.IsOutside);

    /// <summary>True where the Router sent the flow's first packet outside: it passed it on, or is itself who sends.</summary>
    public bool Has(in Flows.Flow flow) => _hasInside && flow.Interface is { } place && _outside.Contains(place) && own.Has(flow.SourceMac);
}
