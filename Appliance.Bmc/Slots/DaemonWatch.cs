using Appliance.Bmc.Board;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Slots;

/// <summary>Notices that the board's daemon has restarted: it counts every slot's uptime anew, and writes its stored power to the rails, whatever these were.</summary>
/// <remarks>Used by one reading at a time.</remarks>
internal sealed class DaemonWatch(SlotMarks marks, EventLog events, TimeProvider clock)
{
    public const string Part = "board";

    // The board counts whole seconds, and its answer was under way for a while.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(3);

    private readonly DateTimeOffset?[] _since = new DateTimeOffset?[SlotNumber.Last];
    private long _lastRestart;

    /// <summary>When a restart was noticed last; null while none was.</summary>
    public DateTimeOffset? LastRestart => Interlocked.Read(ref _lastRestart) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Takes a look; true when the daemon has restarted since the one before.</summary>
    public bool Look(SlotPower power, IReadOnlyList<SlotNote> notes)
    {
        var now = clock.GetUtcNow();
        var (steady, anew) = (0, 0);
        foreach (var slot in SlotNumber.All)
        {
            var since = power[slot] == true && notes.Count > slot.Index && notes[slot.Index].PowerOnTime is { } uptime ? now - uptime : (DateTimeOffset?)null;
            var before = _since[slot.Index];
            _since[slot.Index] = since;

            // What was switched here counts anew for that reason.
            if (since is null || before is null || marks.StartOf(slot) > before)
            {
                continue;
            }

            if (since - before > Rounding)
            {
                anew++;
            }
            else
            {
                steady++;
            }
        }

        // One alone may as well have been cycled by somebody, or been told "on" once more, which sets back slots 2 to 4 (bmcd up to 2.3.7).
        if (anew == 0 || steady > 0)
        {
            return false;
        }

        Interlocked.Exchange(ref _lastRestart, now.UtcTicks);
        events.Tell(
            EventSeverity.Warning,
            Part,
            anew > 1
                ? "The board's daemon has restarted: it counts the uptime of every slot anew. It has set the slots' power as it stored it."
                : "The board counts the uptime of its one slot that is on anew: its daemon has restarted, or something else switched the slot off and on.");
        return true;
    }
}
