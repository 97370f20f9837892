using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Rules.Changes;

/// <summary>Policies and rules that tests change one thing of.</summary>
internal static class SamplePolicies
{
    /// <summary>A LAN that manages the gateway, a network of things, and the way out; no rules.</summary>
    public static readonly FirewallPolicy House = new(
        [
            new Zone("lan", ["eth1"]) { IsManagement = true, IsServed = true },
            new Zone("iot", ["eth2"]) { IsServed = true },
            new Zone("wan", ["eth0"]) { IsOutside = true },
        ],
        [new ZoneDefault("lan", "wan", RuleAction.Accept)],
        new Protections(),
        []);

    public static PolicyRule Drop(string id, int order = 10) => new(id, $"drops {id}", order, RuleMatch.Everything with { SourceZones = ["iot"] }, RuleAction.Drop);

    public static FirewallPolicy With(params PolicyRule[] rules) => House with { Rules = rules };

    /// <summary>Puts a policy into the candidate, whatever was in it.</summary>
    public static void Write(this Candidate candidate, FirewallPolicy policy) => candidate.Replace(policy, "", [], validateOnly: false);

    public static RuleRequest Ask(PolicyRule rule, string requestId = "") => new(rule, "alice", requestId);
}
