using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Policy;

/// <summary>Finds what is wrong with rules that translate addresses: they see the first packet of an IPv4 connection and nothing else.</summary>
internal static class TranslationCheck
{
    private const byte Icmp6 = 58;

    public static IEnumerable<FieldFault> FaultsOf(PolicyRule rule, IReadOnlyList<Zone> zones, string path) => rule.Action switch
    {
        RuleAction.Forward => [.. CommonFaults(rule, path), .. ForwardFaults(rule, zones, path)],
        RuleAction.Masquerade or RuleAction.SourceNat => [.. CommonFaults(rule, path), .. SourceFaults(rule, path)],
        _ => [],
    };

    private static IEnumerable<FieldFault> CommonFaults(PolicyRule rule, string path)
    {
        var match = rule.Match;
        foreach (var (list, networks) in new[] { ("source_networks", match.SourceNetworks), ("destination_networks", match.DestinationNetworks) })
        {
            var wide = networks.Where(range => range.Kind == TargetKind.Address6).ToList();
            if (wide.Count > 0)
            {
                yield return new FieldFault($"{path}.match.{list}", $"has {string.Join(", ", wide)}, and {rule.Action} is for IPv4 only; IPv6 needs no translation, so leave it out");
            }
        }

        if (match.Protocols.Contains(Icmp6))
        {
            yield return new FieldFault($"{path}.match.protocols", $"has ICMPv6 ({Icmp6}), and {rule.Action} is for IPv4 only; leave it out");
        }

        if (match.States.Any(state => state != ConnectionState.New))
        {
            yield return new FieldFault($"{path}.match.connection_states", $"are {string.Join(", ", match.States)}; {rule.Action} is decided once, by the first packet of a connection, so leave them empty");
        }

        if (match.OverPacketsPerSecond > 0)
        {
            yield return new FieldFault($"{path}.match.over_packets_per_second", $"is {match.OverPacketsPerSecond}; {rule.Action} can't depend on a rate, so limit with a rule of ACTION_DROP");
        }
    }

    private static IEnumerable<FieldFault> ForwardFaults(PolicyRule rule, IReadOnlyList<Zone> zones, string path)
    {
        var match = rule.Match;
        if (rule.ForwardTo is null)
        {
            yield return new FieldFault($"{path}.forward_to", "is empty; say where to, for example 192.168.1.10:8080");
        }

        if (match.SourceZones.Count == 0 || match.SourceZones.Contains(Zone.Gateway))
        {
            yield return new FieldFault($"{path}.match.source_zones", $"are {Words(match.SourceZones)}; a forward needs the zones that connections come from, for example the outside one");
        }

        if (match.DestinationZones.Count > 0)
        {
            yield return new FieldFault($"{path}.match.destination_zones", $"are {Words(match.DestinationZones)}; where a forwarded connection goes is forward_to's to say, so leave them empty");
        }

        if (match.DestinationPorts.Count == 0 && (match.DestinationNetworks.Count == 0 || rule.ForwardTo?.Port > 0))
        {
            yield return new FieldFault($"{path}.match.destination_ports", "are none; name the ports that are forwarded, or all that comes from the zone would be");
        }

        if (match.DestinationNetworks.Count == 0 && zones.FirstOrDefault(zone => zone.IsManagement && match.SourceZones.Contains(zone.Name)) is { } management
            && match.DestinationPorts.FirstOrDefault(ManagementPorts.Overlap) is { First: > 0 } taken)
        {
            yield return new FieldFault(
                $"{path}.match.destination_ports",
                $"have {taken.First} to {taken.Last}, by which the gateway is managed from '{management.Name}'; you would be locked out, so choose other ports or name destination_networks");
        }
    }

    private static IEnumerable<FieldFault> SourceFaults(PolicyRule rule, string path)
    {
        var match = rule.Match;
        if (rule is { Action: RuleAction.SourceNat, TranslateTo: null })
        {
            yield return new FieldFault($"{path}.translate_to", "is empty; give the IPv4 address that connections leave with");
        }

        if (match.DestinationZones.Count == 0 || match.DestinationZones.Contains(Zone.Gateway))
        {
            yield return new FieldFault($"{path}.match.destination_zones", $"are {Words(match.DestinationZones)}; {rule.Action} needs the zones that connections leave by, for example the outside one");
        }

        if (match.SourceDevices.Count > 0)
        {
            yield return new FieldFault($"{path}.match.source_device_ids", $"are {string.Join(", ", match.SourceDevices)}; a packet that leaves has no such address any more, so name source_networks");
        }
    }

    private static string Words(IReadOnlyList<string> names) => names.Count == 0 ? "none" : PolicyNames.Quote(names);
}
