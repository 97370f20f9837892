namespace Appliance.Router.Rules;

/// <summary>All that the firewall should hold, from which the whole ruleset is made.</summary>
public sealed record FirewallState(IReadOnlyList<Block> Blocks, IReadOnlyList<TargetRange> Protected);
