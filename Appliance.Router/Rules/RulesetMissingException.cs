namespace Appliance.Router.Rules;

/// <summary>The base ruleset is not in the kernel, so nothing can be put into its sets.</summary>
public sealed class RulesetMissingException : Exception
{
    public RulesetMissingException()
    {
    }

    public RulesetMissingException(string message)
        : base(message)
    {
    }

    public RulesetMissingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
