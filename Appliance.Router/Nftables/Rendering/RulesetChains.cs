using Appliance.Router.Rules;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>All chains of the table for a state, in the order in which they are written: those that others jump to first.</summary>
internal static class RulesetChains
{
    private static readonly KernelChain Refusal = new(RuleChains.Refuse, "",
    [
        new("refuse-tcp", RuleChains.Refuse, "meta l4proto tcp reject with tcp reset", "A refused connection ends at once."),
        new("refuse-other", RuleChains.Refuse, "reject with icmpx type admin-prohibited", "All else is told so."),
    ]);

    /// <param name="state">What should be in force.</param>
    /// <param name="features">What the kernel can do.</param>
    /// <param name="offset">Of the time zone that the rules' times are meant in, from UTC.</param>
    public static IReadOnlyList<KernelChain> Of(FirewallState state, KernelFeatures features, TimeSpan offset)
    {
        var rules = state.Policy.Zones.Count == 0 ? [] : state.Policy.InOrder.Where(rule => !RuleChains.IsTranslation(rule)).ToList();
        return
        [
            DeviceRules.ServicesChain(),
            Refusal,
            .. rules.SelectMany(rule => RuleChains.Of(rule, offset)).OrderBy(chain => !chain.Name.StartsWith("hit_", StringComparison.Ordinal)),
            .. new HookChains(state.Policy, features).All(),
            .. state.Policy.Zones.Count == 0 ? [] : NatChains.Of(state.Policy, offset),
        ];
    }

    /// <summary>The lines that are there whatever people write, in the order in which they are tried.</summary>
    public static IReadOnlyList<FirewallRule> BuiltIn(FirewallState state, KernelFeatures features)
    {
        var own = state.Policy.Rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        return [.. Of(state, features, TimeSpan.Zero).SelectMany(chain => chain.Rules).Where(rule => !own.Contains(rule.Id))];
    }
}
