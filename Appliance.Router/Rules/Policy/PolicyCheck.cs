using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Policy;

/// <summary>Finds all that is wrong with a policy before anything of it is rendered; fields are named as in the contract.</summary>
internal sealed class PolicyCheck(IFeedNames feeds)
{
    public const int MaxRules = 1000;

    /// <summary>All faults of a whole policy, those that would lock people out included.</summary>
    public IReadOnlyList<FieldFault> FaultsOf(FirewallPolicy policy) =>
    [
        .. ZoneCheck.FaultsOf(policy.Zones),
        .. ZoneCheck.FaultsOf(policy.Defaults, policy.Zones),
        .. ProtectionFaults(policy.Protections),
        .. RuleSetFaults(policy),
        .. policy.Rules.SelectMany((rule, index) => RuleFaults(rule, policy, $"rules[{index}]")),
    ];

    /// <summary>The faults of one rule of a policy.</summary>
    public IReadOnlyList<FieldFault> FaultsOf(PolicyRule rule, FirewallPolicy policy) => [.. RuleFaults(rule, policy, "rule")];

    private IEnumerable<FieldFault> RuleFaults(PolicyRule rule, FirewallPolicy policy, string path) =>
    [
        .. RuleCheck.FaultsOf(rule, path),
        .. TranslationCheck.FaultsOf(rule, policy.Zones, path),
        .. MatchCheck.FaultsOf(rule.Match, policy.Zones, feeds, $"{path}.match"),
    ];

    private static IEnumerable<FieldFault> RuleSetFaults(FirewallPolicy policy)
    {
        if (policy.Rules.Count > MaxRules)
        {
            yield return new FieldFault("rules", $"are {policy.Rules.Count}; a policy has at most {MaxRules}, so name several networks or ports in one rule");
        }

        if (policy.Zones.Count == 0 && policy.Rules.Any(rule => !rule.IsDisabled))
        {
            yield return new FieldFault("zones", $"are none, and {policy.Rules.Count(rule => !rule.IsDisabled)} rules are enabled; a policy with no zones decides nothing, so name zones or disable the rules");
        }

        foreach (var twice in policy.Rules.GroupBy(rule => rule.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return new FieldFault("rules", $"has {twice.Count()} rules with the id '{twice.Key}' ({PolicyNames.Quote(twice.Select(rule => rule.Name))}); give each its own");
        }
    }

    private static IEnumerable<FieldFault> ProtectionFaults(Protections protections)
    {
        if (protections.NewTcpPerSecond > RuleCheck.MaxRate)
        {
            yield return new FieldFault("protections.new_tcp_per_second", $"is {protections.NewTcpPerSecond}; give 1 to {RuleCheck.MaxRate}, or 0 for no limit");
        }

        if (protections.ConnectionsPerDevice > RuleCheck.MaxRate)
        {
            yield return new FieldFault("protections.connections_per_device", $"is {protections.ConnectionsPerDevice}; give 1 to {RuleCheck.MaxRate}, or 0 for no limit");
        }
    }
}
