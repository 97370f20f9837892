namespace Appliance.Router.Rules.Feeds;

/// <summary>What a feed holds of one address family: sorted, nothing twice, no host within a network, networks apart from each other.</summary>
/// <param name="Hosts">Single addresses, for a hash set.</param>
/// <param name="Networks">Spans of two addresses or more, for an interval set.</param>
public sealed record FamilyAddresses(IReadOnlyList<UInt128> Hosts, IReadOnlyList<AddressSpan> Networks)
{
    public static readonly FamilyAddresses None = new([], []);

    public int Count => Hosts.Count + Networks.Count;

    /// <summary>Sorts and merges; what is covered before is covered after, and nothing else.</summary>
    public static FamilyAddresses Merge(List<UInt128> hosts, List<AddressSpan> networks)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(networks);
        var joined = Join(networks);
        hosts.Sort();
        return new FamilyAddresses(Outside(hosts, joined), joined);
    }

    private static List<AddressSpan> Join(List<AddressSpan> networks)
    {
        networks.Sort((one, other) => one.First.CompareTo(other.First));
        var joined = new List<AddressSpan>(networks.Count);
        foreach (var network in networks)
        {
            var isFirst = joined.Count == 0;
            var last = isFirst ? default : joined[^1];
            // The one that ends with the last address of all has no neighbor above it, and adding 1 would wrap.
            if (isFirst || (last.Last != UInt128.MaxValue && network.First > last.Last + 1))
            {
                joined.Add(network);
            }
            else if (network.Last > last.Last)
            {
                joined[^1] = last with { Last = network.Last };
            }
        }

        return joined;
    }

    private static List<UInt128> Outside(List<UInt128> hosts, List<AddressSpan> networks)
    {
        var kept = new List<UInt128>(hosts.Count);
        var place = 0;
        foreach (var host in hosts)
        {
            while (place < networks.Count && networks[place].Last < host)
            {
                place++;
            }

            var isCovered = place < networks.Count && networks[place].Contains(host);
            if (!isCovered && (kept.Count == 0 || kept[^1] != host))
            {
                kept.Add(host);
            }
        }

        return kept;
    }
}
