using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Logger.Alerts;
using Appliance.Protos.Node.V1;

namespace Appliance.Logger.Site;

/// <summary>Brings events from the wire into the domain, made harmless to show.</summary>
internal static class EventIntake
{
    private const int MaxWord = 256;
    private const int MaxText = 1024;

    public static SiteEvent Read(Role role, string epoch, Event wire) => new(
        role,
        HostileText.Clean(epoch, MaxWord),
        wire.Sequence,
        WireTime.ReadOrFirst(wire.Time),
        wire.Severity switch
        {
            Event.Types.Severity.Error => EventSeverity.Error,
            Event.Types.Severity.Warning => EventSeverity.Warning,
            _ => EventSeverity.Info,
        },
        HostileText.Clean(wire.Part, MaxWord),
        HostileText.Clean(wire.Text, MaxText))
    {
        Audit = wire.AuditSequence is > 0 and <= long.MaxValue && wire.Hash.Length == AuditChain.HashLength ? ReadAudit(wire) : null,
    };

    // The hash is over the text as it was written, which the role has cleaned; what is cleaned here then no longer fits it, and says so.
    private static AuditEntry ReadAudit(Event wire) => new(
        (long)wire.AuditSequence,
        WireTime.ReadOrFirst(wire.Time),
        HostileText.Clean(wire.Actor, MaxWord),
        HostileText.Clean(wire.Action, MaxWord),
        HostileText.Clean(wire.Subject, MaxWord),
        HostileText.Clean(wire.Reason, MaxText),
        wire.Allowed,
        wire.Hash.ToByteArray());
}
