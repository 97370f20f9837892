using Appliance.Bmc.Board;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;

namespace Appliance.Bmc.Slots;

/// <summary>Notices slots whose power is not as it was ordered: the front panel, another tool, or a restart of the board, which writes its own note to the rails.</summary>
/// <remarks>Used by one reading at a time.</remarks>
internal sealed class DriftWatch(HealthBoard health, EventLog events, SlotLeases leases, SlotMarks marks, TimeProvider clock)
{
    public const string Part = "slots";

    // An order that has just ended may be between what was wanted and what was read.
    private const int LooksUntilTold = 2;

    private readonly int[] _looks = new int[SlotNumber.Last];
    private readonly DateTimeOffset?[] _since = new DateTimeOffset?[SlotNumber.Last];

    /// <summary>Since when the slot's power has been told to differ; null while it does not.</summary>
    public DateTimeOffset? Since(SlotNumber slot)
    {
        lock (_since)
        {
            return _since[slot.Index];
        }
    }

    /// <summary>Takes a look that the board answered; the slots come back with what there is to say added to their evidence.</summary>
    public IReadOnlyList<Slot> Look(IReadOnlyList<Slot> slots)
    {
        List<Slot> looked = [.. slots.Select(Look)];
        var drifted = looked.Where(slot => Since(slot.Number) is not null).Select(Sentence).ToList();
        health.Report(Part, drifted.Count == 0 ? PartState.Healthy : PartState.Degraded, drifted.Count == 0 ? "powered as ordered" : string.Join(' ', drifted));
        return looked;
    }

    private static string Word(bool? on) => on == true ? "on" : "off";

    private static string Sentence(Slot slot) => $"Slot {slot.Number} is {Word(slot.Power)}, but was ordered {Word(slot.DesiredPower)}.";

    private Slot Look(Slot slot)
    {
        var index = slot.Number.Index;
        var isMoving = leases.IsTaken(slot.Number) || marks.Of(slot.Number)?.State == SlotState.Flashing;
        var differs = slot.DesiredPower is { } desired && desired != slot.Power;

        // An order under way may end a difference, and begins none.
        if (slot.Power is null || (isMoving && differs))
        {
            return slot;
        }

        _looks[index] = differs ? _looks[index] + 1 : 0;
        Tell(slot, differs);
        return differs ? slot with { Evidence = [.. slot.Evidence, $"It was ordered {Word(slot.DesiredPower)} here, so something else switched it."] } : slot;
    }

    private void Tell(Slot slot, bool differs)
    {
        lock (_since)
        {
            ref var since = ref _since[slot.Number.Index];
            if (differs && since is null && _looks[slot.Number.Index] >= LooksUntilTold)
            {
                since = clock.GetUtcNow();
                events.Tell(
                    EventSeverity.Warning,
                    Part,
                    $"{Sentence(slot)} Somebody switched it at the board or with another tool, or the board restarted. Power it {Word(slot.DesiredPower)}, or {Word(slot.Power)} to say that it is meant to be so.");
            }
            else if (!differs && since is not null)
            {
                since = null;
                events.Tell(EventSeverity.Info, Part, $"Slot {slot.Number} is {Word(slot.Power)}, as it was ordered.");
            }
        }
    }
}
