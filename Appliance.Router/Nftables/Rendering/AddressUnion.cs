using Appliance.Router.Rules;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>Networks without those that lie within others, as an interval set takes them.</summary>
internal static class AddressUnion
{
    public static IEnumerable<TargetRange> Of(IEnumerable<TargetRange> networks)
    {
        TargetRange? last = null;
        foreach (var network in networks.OrderBy(network => network.First.Value).ThenBy(network => network.PrefixLength))
        {
            // Prefixes either lie within one another or apart, so the one before decides.
            if (last is not { } wider || !wider.Contains(network.First))
            {
                last = network;
                yield return network;
            }
        }
    }
}
