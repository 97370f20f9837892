using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Recovery;

/// <summary>What keeps recovery from touching any slot: a board that is away or just back, a flash, a change of rules that awaits its confirmation.</summary>
internal sealed class RecoveryHolds(SlotMonitor monitor, NodeMonitor nodes, SlotMarks marks, IOptions<RecoveryOptions> options, TimeProvider clock)
{
    // A ruleset waits at most an hour (the Router's longest window), where the node does not tell until when.
    private static readonly TimeSpan LongestCommit = TimeSpan.FromHours(1);

    // The change goes back at its deadline, which takes the Router a moment, and the nodes' clocks differ.
    private static readonly TimeSpan CommitMargin = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset?[] _commitUntil = new DateTimeOffset?[SlotNumber.Last];
    private DateTimeOffset? _boardSince;

    /// <summary>Looks around; null when nothing stands in the way.</summary>
    public string? Look()
    {
        var now = clock.GetUtcNow();
        _boardSince = monitor.Board.Answers ? _boardSince ?? now : null;
        foreach (var slot in SlotNumber.All)
        {
            NoteCommit(slot, now);
        }

        return Board(now) ?? Work() ?? Commit(now);
    }

    private string? Board(DateTimeOffset now) =>
        _boardSince is not { } since ? "the board does not answer"
            : now - since < options.Value.BoardTime ? $"the board answers for {(now - since).TotalSeconds:0} s only"
            : null;

    private string? Work() => marks.Occupation
        ?? (SlotNumber.All.FirstOrDefault(slot => marks.Of(slot) is { State: SlotState.Flashing }) is { } slot && marks.Of(slot) is { State: SlotState.Flashing }
            ? $"slot {slot} is flashed"
            : null);

    private string? Commit(DateTimeOffset now)
    {
        foreach (var slot in SlotNumber.All)
        {
            // A node that fell silent under a change not confirmed comes back when the change does, and a restart would only hide which it was.
            if (_commitUntil[slot.Index] is { } until && now < until)
            {
                return $"the node in slot {slot} has a change that awaits its confirmation";
            }
        }

        return null;
    }

    private void NoteCommit(SlotNumber slot, DateTimeOffset now)
    {
        if (nodes.Of(slot) is { Reading: { Answers: true } reading } sighting)
        {
            _commitUntil[slot.Index] = !reading.CommitPending ? null
                : reading.CommitDeadline is { } deadline ? Later(deadline, now) + CommitMargin
                : sighting.Time + LongestCommit + CommitMargin;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
