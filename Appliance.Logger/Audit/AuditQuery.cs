using Appliance.Hosting;

namespace Appliance.Logger.Audit;

/// <summary>Which entries to list, newest first; what is left null is not asked for.</summary>
internal sealed record AuditQuery
{
    public const int MaxLimit = 1000;

    public int Limit { get; init; } = 100;

    /// <summary>Start behind this place; null starts at the newest.</summary>
    public AuditCursor? After { get; init; }

    public string? Actor { get; init; }

    public Role? Role { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? End { get; init; }
}
