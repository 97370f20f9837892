using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>What the candidate holds, and the etag that says so.</summary>
internal sealed record CandidateVersion(FirewallPolicy Policy, string Etag)
{
    public static CandidateVersion Of(FirewallPolicy policy) => new(policy, PolicyWire.EtagOf(policy));
}
