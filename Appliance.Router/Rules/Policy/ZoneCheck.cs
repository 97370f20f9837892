using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Policy;

/// <summary>Finds what is wrong with zones and with what happens between them by default.</summary>
internal static class ZoneCheck
{
    private const int MaxZones = 64;
    private const int MaxInterfaces = 64;
    private const string Loopback = "lo";

    public static IEnumerable<FieldFault> FaultsOf(IReadOnlyList<Zone> zones)
    {
        if (zones.Count > MaxZones)
        {
            yield return new FieldFault("zones", $"are {zones.Count}; a policy has at most {MaxZones}");
        }

        foreach (var fault in zones.SelectMany((zone, index) => NameFaults(zone, $"zones[{index}]").Concat(InterfaceFaults(zone, $"zones[{index}]"))))
        {
            yield return fault;
        }

        foreach (var twice in zones.GroupBy(zone => zone.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return new FieldFault("zones", $"has '{twice.Key}' {twice.Count()} times; put all its interfaces into one zone");
        }

        foreach (var shared in zones.SelectMany(zone => zone.Interfaces.Distinct().Select(name => (Name: name, Zone: zone))).GroupBy(entry => entry.Name).Where(group => group.Count() > 1))
        {
            yield return new FieldFault("zones", $"has interface '{shared.Key}' in {PolicyNames.Quote(shared.Select(entry => entry.Zone.Name))}; leave it in one zone");
        }

        // From a zone that is not management no port of the gateway's own is reached.
        if (zones.Count > 0 && !zones.Any(zone => zone.IsManagement && zone.Interfaces.Count > 0))
        {
            yield return new FieldFault("zones", $"are {PolicyNames.Quote(zones.Select(zone => zone.Name))}, and none with an interface has management set; nobody would reach the gateway any more, so set it on the zone that you manage it from");
        }
    }

    public static IEnumerable<FieldFault> FaultsOf(IReadOnlyList<ZoneDefault> defaults, IReadOnlyList<Zone> zones)
    {
        foreach (var fault in defaults.SelectMany((entry, index) => DefaultFaults(entry, zones, $"zone_defaults[{index}]")))
        {
            yield return fault;
        }

        foreach (var twice in defaults.GroupBy(entry => (entry.Source, entry.Destination)).Where(group => group.Count() > 1))
        {
            yield return new FieldFault("zone_defaults", $"says {string.Join(" and ", twice.Select(entry => entry.Action))} for '{twice.Key.Source}' to '{twice.Key.Destination}'; leave one");
        }
    }

    /// <summary>The fault of a name that some field gives as a zone; null where it is one.</summary>
    public static string? NamingFault(string name, IReadOnlyList<Zone> zones) => name == Zone.Gateway || zones.Any(zone => zone.Name == name)
        ? null
        : $"is '{name}', and the zones are {PolicyNames.Quote(zones.Select(zone => zone.Name).Append(Zone.Gateway))}; name one of them or import a policy with that zone";

    private static IEnumerable<FieldFault> NameFaults(Zone zone, string path)
    {
        if (!PolicyNames.IsWord(zone.Name))
        {
            yield return new FieldFault($"{path}.name", $"is '{zone.Name}'; use 1 to 32 of a-z, 0-9, '-' and '_'");
        }

        if (zone.Name == Zone.Gateway)
        {
            yield return new FieldFault($"{path}.name", $"is '{Zone.Gateway}', which is the gateway itself; choose another");
        }
    }

    private static IEnumerable<FieldFault> InterfaceFaults(Zone zone, string path)
    {
        if (zone.Interfaces.Count > MaxInterfaces)
        {
            yield return new FieldFault($"{path}.interfaces", $"are {zone.Interfaces.Count}; a zone has at most {MaxInterfaces}");
        }

        foreach (var (index, name) in zone.Interfaces.Index())
        {
            if (!PolicyNames.IsInterface(name))
            {
                yield return new FieldFault($"{path}.interfaces[{index}]", $"is '{name}'; an interface's name is 1 to 15 letters, digits, '.', '_' and '-', for example eth0.10");
            }

            if (name == Loopback)
            {
                yield return new FieldFault($"{path}.interfaces[{index}]", $"is '{Loopback}', by which the gateway talks to itself; leave it out");
            }
        }
    }

    private static IEnumerable<FieldFault> DefaultFaults(ZoneDefault entry, IReadOnlyList<Zone> zones, string path)
    {
        if (NamingFault(entry.Source, zones) is { } source)
        {
            yield return new FieldFault($"{path}.source_zone", source);
        }

        if (NamingFault(entry.Destination, zones) is { } destination)
        {
            yield return new FieldFault($"{path}.destination_zone", destination);
        }

        if (entry is { Source: Zone.Gateway, Destination: Zone.Gateway })
        {
            yield return new FieldFault(path, $"is from '{Zone.Gateway}' to itself, which is always let through; leave it out");
        }

        if (entry.Action is not (RuleAction.Accept or RuleAction.Drop or RuleAction.Reject))
        {
            yield return new FieldFault($"{path}.action", $"is {entry.Action}; give ACTION_ACCEPT, ACTION_DROP or ACTION_REJECT");
        }
    }
}
