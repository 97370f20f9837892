namespace Appliance.Router.Rules.Policy;

/// <summary>What happens to new connections from one zone to another that no rule decides: accept, drop or reject.</summary>
public sealed record ZoneDefault(string Source, string Destination, RuleAction Action);
