using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Flashing;

/// <summary>Tells of flashes: what happens as events, what the role does by itself as audit entries too.</summary>
/// <param name="events">The role's events.</param>
/// <param name="audit">Null where no role runs, as in a program of an operator's.</param>
internal sealed class FlashNews(EventLog events, AuditLog? audit)
{
    private const string Part = "flash";

    public void Tell(EventSeverity severity, string text) => events.Tell(severity, Part, text);

    /// <summary>The call's own entry names no node, since what a node file holds is never read for it.</summary>
    public void TellNodeFile(Flash flash, SlotFlash slot) => audit?.TryEnter(
        new AuditRecord(flash.Caller, "UseNodeFile", $"flash_id={flash.Id} slot_number={slot.Number} node={slot.Node}", ""));

    /// <summary>A flash that goes on after a restart goes on by nobody's call.</summary>
    public void TellResumed(Flash flash, string text)
    {
        Tell(EventSeverity.Warning, text);
        audit?.TryEnter(new AuditRecord(audit.Self, "ResumeFlash", $"flash_id={flash.Id} image_id={flash.ImageId} slot_number={flash.Slot}", text));
    }
}
