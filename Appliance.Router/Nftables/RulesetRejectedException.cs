namespace Appliance.Router.Nftables;

/// <summary>nft did not apply a ruleset; the one in force before stays.</summary>
internal sealed class RulesetRejectedException(string message) : Exception(message);
