using Appliance.Router.Capture;
using Appliance.Router.Rules;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Response;

/// <summary>Finds the zone that an alert's source is in: by the interface that the kernel knows its station on, else by the one that leads to it.</summary>
/// <remarks>The kernel is asked only where an allow-list names zones.</remarks>
internal sealed class SourceZones(ILinks links, RulesetIntent intent, IOptions<CaptureOptions> capture, IOptions<ResponseOptions> options)
{
    /// <summary>Empty when no zone is known, or several are.</summary>
    public string Of(AlertFacts alert)
    {
        if (options.Value.AllowZones.Count == 0)
        {
            return "";
        }

        var zones = InterfacesOf(alert).Select(ZoneOf).Distinct().ToList();
        return zones is [{ } only] ? only : "";
    }

    /// <summary>Names of the allow-list that are no zone now.</summary>
    public IEnumerable<string> FindUnknown()
    {
        var known = intent.Policy.Zones.Select(zone => zone.Name).Concat(capture.Value.Interfaces.Select(watched => watched.Zone)).ToHashSet(StringComparer.Ordinal);
        return options.Value.AllowZones.Where(name => !known.Contains(name));
    }

    private List<string> InterfacesOf(AlertFacts alert)
    {
        var isAddress = BlockTarget.TryParse(alert.Source, out var source) && source.Kind != TargetKind.Mac;
        var hasStation = BlockTarget.TryFromMacBytes(alert.SourceMac.Span, out var station);
        if (!isAddress && !hasStation)
        {
            (station, hasStation) = (source, source.Kind == TargetKind.Mac);
        }

        // Behind a router its station is the router's; a neighbor has both.
        var seen = links.ReadNeighbors()
            .Where(neighbor => hasStation && neighbor.Station == station && (!isAddress || neighbor.Address == source))
            .Select(neighbor => neighbor.Interface)
            .Distinct()
            .ToList();
        return seen.Count > 0 || !isAddress ? seen : [links.InterfaceTo(source)];
    }

    private string ZoneOf(string name) =>
        intent.Policy.Zones.FirstOrDefault(zone => zone.Interfaces.Contains(name))?.Name
        ?? capture.Value.Interfaces.FirstOrDefault(watched => watched.Name == name)?.Zone
        ?? "";
}
