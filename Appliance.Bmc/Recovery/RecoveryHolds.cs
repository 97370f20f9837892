using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Recovery;

/// <summary>What keeps recovery from touching any slot: a board that is away or just back, a flash, a change of rules that awaits its confirmation.</summary>
internal sealed class RecoveryHolds(BoardHold board, CommitHold commit, SlotMarks marks, TimeProvider clock)
{
    /// <summary>Looks around; null when nothing stands in the way.</summary>
    public string? Look()
    {
        var now = clock.GetUtcNow();

        // Both are looked at each time, since each remembers what it saw.
        var (boardReason, commitReason) = (board.Look(now), commit.Look(now));
        return boardReason ?? marks.Occupation ?? Flash() ?? commitReason;
    }

    private string? Flash()
    {
        foreach (var slot in SlotNumber.All)
        {
            if (marks.Of(slot) is { State: SlotState.Flashing })
            {
                return $"slot {slot} is flashed";
            }
        }

        return null;
    }
}
