using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>What policy says about an alert, and why.</summary>
public sealed record ResponseDecision(IReadOnlyList<Answer> Answers, string Reason)
{
    /// <summary>True when there would be an answer but for an allow-list or a protected address.</summary>
    public bool IsSpared { get; init; }

    /// <summary>The contract's word for <c>action</c>: what was done, or what would have been.</summary>
    public string Word(bool isEnforced)
    {
        if (Answers.Count == 0)
        {
            return "none";
        }

        if (!isEnforced)
        {
            return "would-block";
        }

        return Answers.Any(answer => answer.Action == BlockAction.Drop) ? "blocked" : "rate-limited";
    }
}
