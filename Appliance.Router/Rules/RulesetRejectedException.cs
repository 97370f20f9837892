namespace Appliance.Router.Rules;

/// <summary>The firewall did not take a ruleset; the one in force before stays.</summary>
public sealed class RulesetRejectedException : Exception
{
    public RulesetRejectedException()
    {
    }

    public RulesetRejectedException(string message)
        : base(message)
    {
    }

    public RulesetRejectedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
