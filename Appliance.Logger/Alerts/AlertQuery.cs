namespace Appliance.Logger.Alerts;

/// <summary>Which alerts to list, newest first; what is left null is not asked for.</summary>
public sealed record AlertQuery
{
    /// <summary>More are never read at once.</summary>
    public const int MaxLimit = 1000;

    /// <summary>1 to <see cref="MaxLimit"/>.</summary>
    public int Limit
    {
        get;
        init => field = Math.Clamp(value, 1, MaxLimit);
    } = 100;

    /// <summary>Start behind this place; null starts at the newest.</summary>
    public AlertCursor? After { get; init; }

    public string? Category { get; init; }

    /// <summary>This severity and above.</summary>
    public string? MinSeverity { get; init; }

    /// <summary>This severity alone.</summary>
    public string? Severity { get; init; }

    public string? Source { get; init; }

    /// <summary>Only alerts that nobody acknowledged and that have evidence after this.</summary>
    public DateTimeOffset? OpenSince { get; init; }

    /// <summary>At or after, on the alert's time.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Before, on the alert's time.</summary>
    public DateTimeOffset? End { get; init; }
}
