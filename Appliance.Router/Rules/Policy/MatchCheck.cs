using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Policy;

/// <summary>Finds what is wrong with what a rule matches: names of nothing, and combinations that never hold.</summary>
internal static class MatchCheck
{
    private const int MaxEntries = 256;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Icmp6 = 58;

    public static IEnumerable<FieldFault> FaultsOf(RuleMatch match, IReadOnlyList<Zone> zones, IFeedNames feeds, string path) =>
    [
        .. LengthFaults(match, path),
        .. ZoneFaults(match, zones, path),
        .. FeedFaults(match.SourceFeeds, feeds, $"{path}.source_feed_ids"),
        .. FeedFaults(match.DestinationFeeds, feeds, $"{path}.destination_feed_ids"),
        .. ProtocolFaults(match, path),
        .. NetworkFaults(match, path),
    ];

    private static IEnumerable<FieldFault> LengthFaults(RuleMatch match, string path) =>
        new (string Name, int Count)[]
        {
            ("source_zones", match.SourceZones.Count),
            ("destination_zones", match.DestinationZones.Count),
            ("source_networks", match.SourceNetworks.Count),
            ("destination_networks", match.DestinationNetworks.Count),
            ("source_device_ids", match.SourceDevices.Count),
            ("source_feed_ids", match.SourceFeeds.Count),
            ("destination_feed_ids", match.DestinationFeeds.Count),
            ("destination_ports", match.DestinationPorts.Count),
            ("source_ports", match.SourcePorts.Count),
            ("times", match.Times.Count),
        }
        .Where(list => list.Count > MaxEntries)
        .Select(list => new FieldFault($"{path}.{list.Name}", $"has {list.Count} entries; at most {MaxEntries}, so use larger networks or ranges, or a feed"));

    private static IEnumerable<FieldFault> ZoneFaults(RuleMatch match, IReadOnlyList<Zone> zones, string path)
    {
        foreach (var (list, names) in new[] { ("source_zones", match.SourceZones), ("destination_zones", match.DestinationZones) })
        {
            foreach (var (index, name) in names.Index())
            {
                if (ZoneCheck.NamingFault(name, zones) is { } fault)
                {
                    yield return new FieldFault($"{path}.{list}[{index}]", fault);
                }
            }
        }

        // What the gateway sends goes through another chain than what it passes on.
        if (match.SourceZones.Contains(Zone.Gateway) && match.SourceZones.Count > 1)
        {
            yield return new FieldFault($"{path}.source_zones", $"are {PolicyNames.Quote(match.SourceZones)}; write a rule of its own for '{Zone.Gateway}'");
        }

        if (match.SourceZones.Contains(Zone.Gateway) && match.DestinationZones.Contains(Zone.Gateway))
        {
            yield return new FieldFault($"{path}.destination_zones", $"are {PolicyNames.Quote(match.DestinationZones)} from '{Zone.Gateway}'; what the gateway sends to itself is always let through");
        }
    }

    private static IEnumerable<FieldFault> FeedFaults(IReadOnlyList<string> ids, IFeedNames feeds, string path)
    {
        foreach (var (index, id) in ids.Index())
        {
            switch (feeds.IsMatchOnly(id))
            {
                case null:
                    yield return new FieldFault($"{path}[{index}]", $"is '{id}', and no feed has that id; ListFeeds tells those there are");
                    break;
                case false:
                    yield return new FieldFault($"{path}[{index}]", $"is '{id}', a feed that drops by itself; name one with match_only set");
                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<FieldFault> ProtocolFaults(RuleMatch match, string path)
    {
        var hasPorts = match.DestinationPorts.Count + match.SourcePorts.Count > 0;
        var protocols = string.Join(", ", match.Protocols);
        if (hasPorts && match.Protocols.Any(protocol => protocol is not (Tcp or Udp)))
        {
            yield return new FieldFault($"{path}.protocols", $"are {protocols}, and ports are set; ports are of TCP ({Tcp}) and UDP ({Udp}) only, so name those, or none for both");
        }

        if (match.IcmpTypes.Count > 0 && match.Protocols.Any(protocol => protocol is not (Icmp or Icmp6)))
        {
            yield return new FieldFault($"{path}.protocols", $"are {protocols}, and icmp_types are set; those are of ICMP ({Icmp}) and ICMPv6 ({Icmp6}) only, so name those, or none for both");
        }

        if (hasPorts && match.IcmpTypes.Count > 0)
        {
            yield return new FieldFault($"{path}.icmp_types", $"are {string.Join(", ", match.IcmpTypes)}, and ports are set; no packet has both, so write two rules");
        }

        if (match.OverPacketsPerSecond > RuleCheck.MaxRate)
        {
            yield return new FieldFault($"{path}.over_packets_per_second", $"is {match.OverPacketsPerSecond}; give 1 to {RuleCheck.MaxRate}, or 0 for no limit");
        }
    }

    private static IEnumerable<FieldFault> NetworkFaults(RuleMatch match, string path)
    {
        var sources = match.SourceNetworks.Select(range => range.Kind).ToHashSet();
        if (sources.Count > 0 && match.DestinationNetworks.Count > 0 && !match.DestinationNetworks.Any(range => sources.Contains(range.Kind)))
        {
            yield return new FieldFault(
                $"{path}.destination_networks",
                $"are {string.Join(", ", match.DestinationNetworks)} from {string.Join(", ", match.SourceNetworks)}; no packet is IPv4 and IPv6 at once, so name networks of one family on both sides");
        }
    }
}
