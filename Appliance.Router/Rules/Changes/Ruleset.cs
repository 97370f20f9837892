using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>One policy as it was brought into force, by whom and why.</summary>
/// <remarks>
/// The id is empty for one that was only tried out; the deadline is when it goes back, while it awaits its confirmation. Difference
/// and digest are of the rendered text: the first to that of the policy before, in unified form. The policy's text is its JSON.
/// </remarks>
internal sealed record Ruleset(string Id, RulesetState State, DateTimeOffset ApplyTime, DateTimeOffset Deadline, string Creator, string Reason, string Difference, byte[] Sha256, string PolicyText)
{
    /// <summary>Came from the configuration; true until somebody applies something.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Its place among all; none is taken twice.</summary>
    public long Sequence { get; init; }

    /// <summary>The boot of the machine in which it was applied.</summary>
    public string Boot { get; init; } = "";

    public FirewallPolicy Policy => PolicyWire.FromJson(PolicyText);
}
