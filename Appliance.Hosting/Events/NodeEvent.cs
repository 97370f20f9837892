using Appliance.Hosting.Audit;

namespace Appliance.Hosting.Events;

/// <summary>One thing that the role did or met; sequence counts up by one from 1 in an epoch.</summary>
public sealed record NodeEvent(ulong Sequence, DateTimeOffset Time, EventSeverity Severity, string Part, string Text)
{
    /// <summary>Set when the event is a change by someone.</summary>
    public AuditEntry? Audit { get; init; }
}
