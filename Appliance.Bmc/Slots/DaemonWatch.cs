using Appliance.Bmc.Board;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Slots;

/// <summary>Notices that the board's daemon has restarted: it knows no tokens any more, counts the uptime of slots 2 to 4 anew, and writes its stored power to the rails, whatever these were.</summary>
/// <remarks>Used by one reading at a time.</remarks>
internal sealed class DaemonWatch(SlotMarks marks, EventLog events, TimeProvider clock)
{
    public const string Part = "board";

    // The board counts whole seconds, and its answer was under way for a while.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(3);

    private readonly DateTimeOffset?[] _since = new DateTimeOffset?[SlotNumber.Last];
    private int _voidTokens;
    private long _lastRestart;

    /// <summary>When a restart was noticed last; null while none was.</summary>
    public DateTimeOffset? LastRestart => Interlocked.Read(ref _lastRestart) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Takes a look; true when the daemon seems to have restarted since the one before.</summary>
    public bool Look(int voidTokens, SlotPower power, IReadOnlyList<SlotNote> notes)
    {
        var isForgetful = voidTokens > _voidTokens;
        var anew = CountAnew(power, notes);
        _voidTokens = voidTokens;
        if (!isForgetful && anew == 0)
        {
            return false;
        }

        Interlocked.Exchange(ref _lastRestart, clock.GetUtcNow().UtcTicks);
        events.Tell(
            EventSeverity.Warning,
            Part,
            isForgetful || anew > 1
                ? "The board's daemon has restarted, and has set the slots' power as it stored it."
                : "The board counts the uptime of a slot anew: its daemon has restarted, or something else switched the slot.");
        return true;
    }

    /// <summary>How many slots are counted anew; 0 as soon as one is not.</summary>
    private int CountAnew(SlotPower power, IReadOnlyList<SlotNote> notes)
    {
        var (steady, anew) = (0, 0);
        foreach (var slot in SlotNumber.All)
        {
            var since = power[slot] == true && notes.Count > slot.Index && notes[slot.Index].PowerOnTime is { } uptime ? clock.GetUtcNow() - uptime : (DateTimeOffset?)null;
            var before = _since[slot.Index];
            _since[slot.Index] = since;

            // A start of the daemon, as any "on" for a slot that is on, sets back slots 2 to 4 alone: it takes their bit for a 1 (bmcd up to 2.3.7).
            // What was switched here counts anew for that reason.
            if (slot.Number == SlotNumber.First || since is null || before is null || marks.StartOf(slot) > before)
            {
                continue;
            }

            (steady, anew) = since - before > Rounding ? (steady, anew + 1) : (steady + 1, anew);
        }

        return steady > 0 ? 0 : anew;
    }
}
