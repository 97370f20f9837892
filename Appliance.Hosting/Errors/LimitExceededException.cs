namespace Appliance.Hosting.Errors;

/// <summary>A bound would be passed.</summary>
public sealed class LimitExceededException(string reason, string message) : ApplianceException(reason, message, null)
{
    /// <summary>When trying again can help; null when only asking for less does.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
