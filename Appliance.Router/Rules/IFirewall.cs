namespace Appliance.Router.Rules;

/// <summary>Makes the kernel, or a rendered text, do what the store says.</summary>
public interface IFirewall
{
    /// <summary>True when the kernel enforces; false when rulesets are rendered only.</summary>
    bool Enforces { get; }

    /// <summary>True when less is done than should be; the description says what.</summary>
    bool IsDegraded { get; }

    /// <summary>Where it enforces, or why it does not, in one sentence.</summary>
    string Description { get; }

    /// <summary>The lines in force that nobody wrote, chain by chain in the order in which they are tried.</summary>
    IReadOnlyList<FirewallRule> Rules { get; }

    /// <summary>All lines that a state would bring, chain by chain; those of a rule that people wrote have its id.</summary>
    IReadOnlyList<FirewallRule> Explain(FirewallState state);

    /// <summary>The whole ruleset as one script.</summary>
    string Render(FirewallState state);

    /// <summary>Asks whether the ruleset would be taken, and changes nothing; throws <see cref="RulesetRejectedException"/> when not.</summary>
    Task CheckAsync(FirewallState state, CancellationToken token);

    /// <summary>Replaces the whole ruleset in one transaction; repeating it changes nothing.</summary>
    Task ApplyAsync(FirewallState state, CancellationToken token);

    /// <summary>Puts blocks in force at once, or extends them; throws <see cref="RulesetMissingException"/> when the base is gone.</summary>
    void Put(IReadOnlyList<Block> blocks);

    /// <summary>Takes blocks out of force; those already gone are fine.</summary>
    void Remove(IReadOnlyList<Block> blocks);

    /// <summary>Ends the connections that addresses have through the gateway, in the background; rules alone do not reach what is offloaded.</summary>
    void EndConnections(IEnumerable<BlockTarget> addresses);

    /// <summary>What was dropped, by kernel set; nothing where the kernel does not enforce.</summary>
    IReadOnlyList<DropCount> ReadDrops();
}
