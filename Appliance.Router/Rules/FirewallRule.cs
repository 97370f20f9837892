namespace Appliance.Router.Rules;

/// <summary>One line of the ruleset in force.</summary>
public sealed record FirewallRule(string Id, string Chain, string Text, string Description);
