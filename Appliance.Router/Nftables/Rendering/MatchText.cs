using System.Globalization;
using System.Net.Sockets;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>A match as nft conditions: several lines where one cannot say it, of which any one holds.</summary>
internal static class MatchText
{
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte IcmpV6 = 58;

    /// <summary>All conditions but those on zones, which depend on the chain.</summary>
    public static IEnumerable<string> Lines(RuleMatch match, TimeSpan offset) => Lines(match, offset, Addresses(match));

    /// <summary>The same for a chain that sees IPv4 alone.</summary>
    public static IEnumerable<string> Lines4(RuleMatch match, TimeSpan offset) => Lines(match, offset, Addresses(match)
        .Where(addresses => addresses.Family != AddressFamily.InterNetworkV6)
        .Select(addresses => (AddressFamily.InterNetwork, addresses.Text)));

    /// <summary>TCP and UDP, or those of the two that a match names.</summary>
    public static string Ported(RuleMatch match) => Protocols(PortedOf(match));

    private static IEnumerable<string> Lines(RuleMatch match, TimeSpan offset, IEnumerable<(AddressFamily Family, string Text)> alternatives) =>
        from addresses in alternatives
        from transport in Transport(match, addresses.Family)
        from time in Times(match, offset)
        select Join(Devices(match), addresses.Text, transport, States(match), time);

    /// <summary>Conditions on zones; each line holds for a different pair of interfaces, so no packet meets two.</summary>
    public static IEnumerable<string> Zones(string key, IEnumerable<string> zones)
    {
        var named = zones.Where(zone => zone != Zone.Gateway).Distinct().Select(zone => $"{key} @{Names.OfZone(zone)}").ToList();
        return named.Count == 0 ? [""] : named;
    }

    public static string Join(params string[] parts) => string.Join(' ', parts.Where(part => part.Length > 0));

    private static IEnumerable<(AddressFamily Family, string Text)> Addresses(RuleMatch match)
    {
        if (match.SourceNetworks.Count + match.DestinationNetworks.Count + match.SourceFeeds.Count + match.DestinationFeeds.Count == 0)
        {
            yield return (AddressFamily.Unspecified, "");
            yield break;
        }

        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var lines =
                from sourceNetworks in Networks("saddr", match.SourceNetworks, family)
                from destinationNetworks in Networks("daddr", match.DestinationNetworks, family)
                from sourceFeed in Feeds("saddr", match.SourceFeeds, family)
                from destinationFeed in Feeds("daddr", match.DestinationFeeds, family)
                select Join(sourceNetworks, destinationNetworks, sourceFeed, destinationFeed);
            foreach (var line in lines)
            {
                yield return (family, line);
            }
        }
    }

    // Nothing at all when networks are named, but none of this family.
    private static IEnumerable<string> Networks(string side, IReadOnlyList<TargetRange> networks, AddressFamily family)
    {
        if (networks.Count == 0)
        {
            return [""];
        }

        var kind = family == AddressFamily.InterNetworkV6 ? TargetKind.Address6 : TargetKind.Address4;
        var own = networks.Where(network => network.Kind == kind).ToList();
        return own.Count == 0 ? [] : [$"{Word(family)} {side} {{ {string.Join(", ", AddressUnion.Of(own))} }}"];
    }

    private static IEnumerable<string> Feeds(string side, IReadOnlyList<string> feeds, AddressFamily family) => feeds.Count == 0
        ? [""]
        : feeds.Distinct().Select(feed => $"{Word(family)} {side} @{Names.OfAddressSet(feed, family == AddressFamily.InterNetworkV6)}");

    private static IEnumerable<string> Transport(RuleMatch match, AddressFamily family)
    {
        var hasPorts = match.DestinationPorts.Count + match.SourcePorts.Count > 0;
        if (match.IcmpTypes.Count > 0)
        {
            return hasPorts ? [] : IcmpTypes(match, family);
        }

        if (!hasPorts)
        {
            return [Protocols(match.Protocols)];
        }

        var protocols = PortedOf(match);
        return protocols.Length == 0
            ? []
            : [Join(Protocols(protocols), Ports("sport", match.SourcePorts), Ports("dport", match.DestinationPorts))];
    }

    private static IEnumerable<string> IcmpTypes(RuleMatch match, AddressFamily family)
    {
        var types = string.Join(", ", match.IcmpTypes.Distinct().Order());
        if (Names(Icmp) && family != AddressFamily.InterNetworkV6)
        {
            yield return $"icmp type {{ {types} }}";
        }

        if (Names(IcmpV6) && family != AddressFamily.InterNetwork)
        {
            yield return $"icmpv6 type {{ {types} }}";
        }

        bool Names(byte protocol) => match.Protocols.Count == 0 || match.Protocols.Contains(protocol);
    }

    private static byte[] PortedOf(RuleMatch match)
    {
        byte[] ported = [Tcp, Udp];
        return match.Protocols.Count == 0 ? ported : [.. match.Protocols.Intersect(ported)];
    }

    private static string Protocols(IReadOnlyCollection<byte> protocols) =>
        protocols.Count == 0 ? "" : $"meta l4proto {{ {string.Join(", ", protocols.Distinct().Order())} }}";

    private static string Ports(string side, IReadOnlyList<PortRange> ranges)
    {
        if (ranges.Count == 0)
        {
            return "";
        }

        // An anonymous set refuses ranges that overlap.
        var joined = new List<PortRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
            {
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            }
            else
            {
                joined.Add(range);
            }
        }

        var texts = joined.Select(range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}"));
        return $"th {side} {{ {string.Join(", ", texts)} }}";
    }

    private static string Devices(RuleMatch match) =>
        match.SourceDevices.Count == 0 ? "" : $"ether saddr {{ {string.Join(", ", match.SourceDevices.Distinct())} }}";

    private static string States(RuleMatch match) =>
        match.States.Count == 0 ? "" : $"ct state {{ {string.Join(", ", match.States.Distinct().Order().Select(Word))} }}";

    private static IEnumerable<string> Times(RuleMatch match, TimeSpan offset) =>
        match.Times.Count == 0 ? [""] : match.Times.SelectMany(times => UtcTimes.Conditions(times, offset)).Distinct();

    private static string Word(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? "ip6" : "ip";

    private static string Word(ConnectionState state) => state switch
    {
        ConnectionState.Established => "established",
        ConnectionState.Related => "related",
        ConnectionState.Invalid => "invalid",
        _ => "new",
    };
}
