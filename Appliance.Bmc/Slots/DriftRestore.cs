using Appliance.Bmc.Board;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Slots;

/// <summary>Switches slots back to what was ordered: once for each time that one differs, so that it fights nobody. Guards hold for it as for anybody.</summary>
internal sealed class DriftRestore(DriftWatch drift, SlotControl control, AuditLog audit, EventLog events)
{
    private readonly DateTimeOffset?[] _tried = new DateTimeOffset?[SlotNumber.Last];

    /// <summary>Restores what has differed since before that time.</summary>
    public async Task LookAsync(IReadOnlyList<Slot> slots, DateTimeOffset before, CancellationToken token)
    {
        foreach (var slot in slots)
        {
            if (drift.Since(slot.Number) is { } since && since <= before && _tried[slot.Number.Index] != since && slot.DesiredPower is { } desired)
            {
                _tried[slot.Number.Index] = since;
                await RestoreAsync(slot.Number, desired, token);
            }
        }
    }

    private async Task RestoreAsync(SlotNumber slot, bool on, CancellationToken token)
    {
        var record = new AuditRecord(audit.Self, "RestorePower", $"slot_number={slot}", $"the board says {(on ? "off" : "on")}, it was ordered {(on ? "on" : "off")}");
        var order = new SlotOrder(slot, audit.Self);
        try
        {
            audit.Enter(record);
            await (on ? control.PowerOnAsync(order, token) : control.PowerOffAsync(order, token));
        }
        catch (ApplianceException error)
        {
            audit.TryEnter(record with { Allowed = false, Reason = error.Message });
            events.Tell(EventSeverity.Error, DriftWatch.Part, $"Slot {slot} could not be switched {(on ? "on" : "off")} as it was ordered: {error.Message}");
        }
    }
}
