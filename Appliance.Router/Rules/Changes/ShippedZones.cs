namespace Appliance.Router.Rules.Changes;

/// <summary>The zones of the policies that the program brings along, for whoever sets up a node before its Router runs.</summary>
public static class ShippedZones
{
    /// <summary>The zone that a policy has an interface in; null where it has none, or where no policy has that name.</summary>
    public static string? Of(string policy, string interfaceName) => policy is DefaultPolicy.RouterOnAStick or DefaultPolicy.TwoPorts
        ? DefaultPolicy.Named(policy).Policy.Zones.FirstOrDefault(zone => zone.Interfaces.Contains(interfaceName, StringComparer.Ordinal))?.Name
        : null;
}
