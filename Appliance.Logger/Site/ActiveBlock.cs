namespace Appliance.Logger.Site;

/// <summary>A block or rate limit that is in force at the Router.</summary>
/// <remarks>The target is an IP or MAC address as text. Rendered means that the kernel does not have it: dry run, or no right to change it.</remarks>
internal sealed record ActiveBlock(
    string Id,
    string Target,
    bool IsRateLimit,
    bool IsRendered,
    string Reason,
    string AlertId,
    string Creator,
    DateTimeOffset CreateTime,
    DateTimeOffset ExpireTime,
    int PacketsPerSecond);
