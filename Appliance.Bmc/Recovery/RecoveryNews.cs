using Appliance.Bmc.Board;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;

namespace Appliance.Bmc.Recovery;

/// <summary>Says what recovery does: in the audit before it is done, as events, in the health of the role, and in numbers.</summary>
internal sealed class RecoveryNews(AuditLog audit, EventLog events, HealthBoard health, RecoveryMetrics metrics)
{
    public const string Part = "recovery";

    /// <summary>Who the ladder is in the audit.</summary>
    public string Self => audit.Self;

    /// <summary>Throws <see cref="Appliance.Hosting.Errors.BusyException"/> where it can't be written down: it must not be done then.</summary>
    public void Step(SlotNumber slot, Rung rung, string evidence)
    {
        audit.Enter(new AuditRecord(audit.Self, "RecoverSlot", $"slot_number={slot} step={RungWords.Of(rung).Replace(' ', '-')}", evidence));
        metrics.Count(rung);
        events.Tell(EventSeverity.Warning, Part, $"Slot {slot}: {RungWords.Of(rung)}. {evidence}");
    }

    public void SwitchOn(SlotNumber slot, string reason)
    {
        audit.Enter(new AuditRecord(audit.Self, "RecoverSlot", $"slot_number={slot} step=power-on", reason));
        events.Tell(EventSeverity.Warning, Part, $"Slot {slot} is switched on: {reason}.");
    }

    public void Quarantine(SlotNumber slot, string reason)
    {
        audit.Enter(new AuditRecord(audit.Self, "QuarantineSlot", $"slot_number={slot}", reason));
        events.Tell(EventSeverity.Error, Part, $"Slot {slot} is quarantined: {reason}. Look at it, then release it with ReleaseSlot.");
    }

    public void Tell(EventSeverity severity, string text) => events.Tell(severity, Part, text);

    /// <summary>The health part: a slot that is set aside, or a fault of recovery itself, wants somebody's look.</summary>
    public void Report(IReadOnlyList<int> quarantined, string? fault)
    {
        var texts = quarantined.Select(slot => $"slot {slot} is quarantined").Concat(fault is null ? [] : [fault]).ToList();
        health.Report(Part, texts.Count > 0 ? PartState.Degraded : PartState.Healthy, texts.Count > 0 ? string.Join("; ", texts) : "no slot is quarantined");
    }
}
