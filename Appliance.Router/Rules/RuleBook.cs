using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Rules;

/// <summary>All that the rules consist of, for those who show or keep them.</summary>
internal sealed record RuleBook(IFirewall Firewall, BlockEnforcer Enforcer, BlockStore Blocks, ProtectedAddresses Protected, RuleHits Hits);
