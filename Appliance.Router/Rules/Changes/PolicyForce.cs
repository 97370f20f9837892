using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>Renders policies, tries them out, brings them into force, and keeps the confirmed one for the next boot.</summary>
internal sealed class PolicyForce(RuleBook rules, PolicyCheck check, LastGoodFile lastGood, CommitBoard commits)
{
    // Stored with each of 500 rulesets, and a page of them has to fit into a message.
    private const int MaxDifference = 32 * 1024;

    public FirewallPolicy InForce => rules.Enforcer.Intent.Policy;

    /// <summary>False while the firewall could not be brought to hold what was intended last.</summary>
    public bool IsBrought => rules.Enforcer.IsInForce;

    /// <summary>Throws with all faults of the policy.</summary>
    public void Demand(FirewallPolicy policy)
    {
        var faults = check.FaultsOf(policy);
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults.Select(fault => fault with { Field = $"policy.{fault.Field}" }));
        }
    }

    /// <summary>A ruleset of this policy, as it would be now; blocks come and go by themselves and are no part of it.</summary>
    public (Ruleset Ruleset, string Text) Draft(FirewallPolicy policy, RulesetRequest request, DateTimeOffset now)
    {
        var text = TextOf(policy);
        var difference = TextDifference.Unified(TextOf(InForce), text, MaxDifference);
        var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return (new Ruleset("", RulesetState.None, now, now + request.ConfirmWithin, request.Creator, request.Reason, difference, sha256, PolicyWire.ToJson(policy)), text);
    }

    /// <summary>Asks the firewall whether it would take the policy, with all that stands beside it.</summary>
    public async Task TryOutAsync(FirewallPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            await rules.Firewall.CheckAsync(rules.Enforcer.StateWith(rules.Blocks.All) with { Policy = policy }, cancellationToken);
        }
        catch (RulesetRejectedException error)
        {
            throw new BusyException("RULESET_REFUSED", $"The firewall would not take the ruleset, so nothing was changed: {error.Message}");
        }
    }

    /// <summary>Not to be cut short: who waits for it may hang up, and half of it would be worse than either.</summary>
    public Task BringAsync(FirewallPolicy policy) => rules.Blocks.RestateAsync(state => state with { Policy = policy }, CancellationToken.None);

    /// <summary>Makes the firewall hold what is intended, whatever it holds.</summary>
    public Task RepeatAsync() => rules.Blocks.ReconcileAsync(CancellationToken.None);

    /// <summary>What is put in force whenever the whole is.</summary>
    public void Intend(FirewallPolicy policy) => rules.Enforcer.Intent.Change(state => state with { Policy = policy });

    /// <summary>The confirmed policy of a Router that lost its database.</summary>
    public FirewallPolicy? FindKept() => lastGood.ReadPolicy();

    /// <summary>Keeps a confirmed policy for the next boot.</summary>
    public void Keep(Ruleset ruleset)
    {
        // A flowtable names devices, and at boot there are none yet: nft would refuse the whole script.
        var policy = ruleset.Policy;
        lastGood.Write(TextOf(policy with { Protections = policy.Protections with { Flowtable = false } }), ruleset.PolicyText);
    }

    /// <summary>The same where another one lies there, or none: at the start not all is known yet that goes into the text, such as what feeds hold.</summary>
    public void KeepIfOther(Ruleset ruleset)
    {
        if (!lastGood.Holds(ruleset.PolicyText))
        {
            Keep(ruleset);
        }
    }

    /// <summary>Shows on the node what awaits its confirmation.</summary>
    public void Show(Ruleset? pending) => commits.Pending = pending is null ? null : new PendingCommit(pending.Id, pending.Deadline);

    /// <summary>The policy as the firewall's script, with all but blocks.</summary>
    public string TextOf(FirewallPolicy policy) => rules.Firewall.Render(rules.Enforcer.Intent.With([]) with { Policy = policy });
}
