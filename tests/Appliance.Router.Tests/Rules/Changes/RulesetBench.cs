using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Rules.Changes;

/// <summary>What tests of rulesets do at a bench, in an operator's words.</summary>
internal static class RulesetBench
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>Names of the rules that the firewall holds.</summary>
    public static string InForce(this RuleBench bench) => string.Join(',', bench.Firewall.State.Policy.Rules.Select(rule => rule.Id));

    public static async Task<Ruleset> ApplyAsync(this RuleBench bench, FirewallPolicy policy, string requestId = "")
    {
        bench.Candidate.Write(policy);
        var request = new RulesetRequest("alice", "test", Window) { RequestId = requestId };
        return (await bench.Rulesets.ApplyAsync(request, CancellationToken.None)).Ruleset;
    }

    public static Task<Ruleset> ConfirmAsync(this RuleBench bench, Ruleset ruleset)
    {
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return bench.Rulesets.ConfirmAsync(ruleset.Id, bench.Clock.GetTimestamp(), CancellationToken.None);
    }

    public static async Task ApplyAndConfirmAsync(this RuleBench bench, FirewallPolicy policy) => await bench.ConfirmAsync(await bench.ApplyAsync(policy));

    public static RulesetState StateOf(this RuleBench bench, Ruleset ruleset) => bench.Rulesets.Find(ruleset.Id).State;

    /// <summary>Kills the process while the firewall is told something: before it has taken it, or when it has.</summary>
    public static async Task KillAsync(this RuleBench bench, bool afterwards, Func<Task> work)
    {
        var point = new SyncPoint();
        bench.Firewall.AtApply = done =>
        {
            if (done != afterwards)
            {
                return Task.CompletedTask;
            }

            point.Reach();
            // For good: nothing behind it is ever run.
            return new TaskCompletionSource().Task;
        };
        _ = work();
        await point.WaitAsync();
        bench.Firewall.AtApply = _ => Task.CompletedTask;
    }
}
