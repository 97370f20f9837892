namespace Appliance.Router.Rules.Policy;

/// <summary>All that people decide about the firewall, as one apply brings it into force.</summary>
/// <remarks>With no zones it decides nothing: blocks, feeds and device policies act, and all else passes.</remarks>
public sealed record FirewallPolicy(IReadOnlyList<Zone> Zones, IReadOnlyList<ZoneDefault> Defaults, Protections Protections, IReadOnlyList<PolicyRule> Rules)
{
    public static readonly FirewallPolicy Open = new([], [], new Protections(), []);

    /// <summary>Enabled rules, from the lowest order on; those of one order by id.</summary>
    public IEnumerable<PolicyRule> InOrder => Rules
        .Where(rule => !rule.IsDisabled)
        .OrderBy(rule => rule.Order)
        .ThenBy(rule => rule.Id, StringComparer.Ordinal);
}
