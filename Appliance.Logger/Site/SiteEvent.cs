using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;

namespace Appliance.Logger.Site;

/// <summary>An event of one role; the epoch names the process that told it.</summary>
internal sealed record SiteEvent(Role Role, string Epoch, ulong Sequence, DateTimeOffset Time, EventSeverity Severity, string Part, string Text)
{
    /// <summary>Set when the event is a change by someone, with its place in the role's audit log.</summary>
    public AuditEntry? Audit { get; init; }
}
