namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>One block or rate limit in force; without an alert it was made by an operator.</summary>
/// <remarks>Not in the kernel means only rendered: dry run, or no right to change the kernel.</remarks>
public sealed record BlockLine(string Id, string Target, bool RateLimit, bool InKernel, string Reason, string AlertId, DateTimeOffset ExpireTime);
