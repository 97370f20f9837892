using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>Asks the board for its slots, and lets what it says be joined with what else is known of them.</summary>
/// <remarks>Used by one reading at a time.</remarks>
internal sealed class SlotReader(IBoard board, SlotViews views, SlotMarks marks, DriftWatch drift, DaemonWatch daemon)
{
    private BoardFacts? _facts;
    private bool _factsAreFresh;
    private SlotPower _power;
    private IReadOnlyList<SlotNote> _notes = [];

    /// <summary>What the board said of itself last; null before it has answered once.</summary>
    public BoardFacts? Facts => Volatile.Read(ref _facts);

    public async Task<IReadOnlyList<Slot>> ReadAsync(CancellationToken token)
    {
        // While it takes an upload it answers nothing else; that is no silence.
        if (marks.Occupation is not null)
        {
            return Join(_power, boardAnswers: true);
        }

        await AskAsync(token);
        return drift.Look(Join(_power, boardAnswers: true));
    }

    /// <summary>The slots while nothing is known of them. After an outage the board may run another firmware, so it is asked again.</summary>
    public IReadOnlyList<Slot> Unknown()
    {
        _factsAreFresh = false;
        return Join(default, boardAnswers: false);
    }

    private async Task AskAsync(CancellationToken token)
    {
        if (!_factsAreFresh)
        {
            Volatile.Write(ref _facts, await board.GetFactsAsync(token));
            _factsAreFresh = true;
        }

        var power = await board.GetPowerAsync(token);
        _notes = Facts!.Generation >= BoardGeneration.Third ? await board.GetNotesAsync(token) : [];
        _power = power;

        // What restarted may be other firmware than before.
        _factsAreFresh = !daemon.Look(board.Standing.VoidTokens, power, _notes);
    }

    private IReadOnlyList<Slot> Join(SlotPower power, bool boardAnswers) =>
        [.. SlotNumber.All.Select(slot => views.Join(slot, power[slot], _notes.Count > slot.Index ? _notes[slot.Index] : null, boardAnswers))];
}
