using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Node.V1;

namespace Appliance.Hosting.Events;

/// <summary>Events as the contract has them.</summary>
internal static class EventWire
{
    public static Wire.Event ToWire(NodeEvent told)
    {
        var wire = new Wire.Event
        {
            Sequence = told.Sequence,
            Time = Timestamp.FromDateTimeOffset(told.Time),
            Severity = told.Severity switch
            {
                EventSeverity.Info => Wire.Event.Types.Severity.Info,
                EventSeverity.Warning => Wire.Event.Types.Severity.Warning,
                _ => Wire.Event.Types.Severity.Error,
            },
            Part = told.Part,
            Text = told.Text,
        };
        if (told.Audit is { } audit)
        {
            wire.Actor = audit.Actor;
            wire.Action = audit.Action;
            wire.Subject = audit.Subject;
            wire.Reason = audit.Reason;
            wire.Allowed = audit.Allowed;
            wire.Hash = ByteString.CopyFrom(audit.Hash.Span);
            wire.AuditSequence = (ulong)audit.Sequence;
        }

        return wire;
    }
}
