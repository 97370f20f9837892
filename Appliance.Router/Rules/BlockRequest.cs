namespace Appliance.Router.Rules;

/// <summary>A wish for a block, from an operator or from the response.</summary>
public sealed record BlockRequest(BlockTarget Target, BlockAction Action, TimeSpan Duration, string Reason, string Creator)
{
    /// <summary>The alert that it answers; empty when an operator asks.</summary>
    public string AlertId { get; init; } = "";

    /// <summary>Repeating a request id of the same creator returns the first block; empty means no repeat is expected.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>For a rate limit: 1 to 1,000,000.</summary>
    public int PacketsPerSecond { get; init; }

    /// <summary>Kept and shown, but never brought into the kernel.</summary>
    public bool IsDryRun { get; init; }
}
