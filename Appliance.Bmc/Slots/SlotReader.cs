using Appliance.Bmc.Board;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Joins what the board says of its slots with what the configuration says.</summary>
/// <remarks>Used by one reading at a time.</remarks>
internal sealed class SlotReader(IBoard board, IOptions<SlotOptions> options)
{
    private readonly SlotOptions _options = options.Value;
    private BoardFacts? _facts;
    private bool _factsAreFresh;
    private IReadOnlyList<SlotNote> _notes = [];

    /// <summary>What the board said of itself last; null before it has answered once.</summary>
    public BoardFacts? Facts => Volatile.Read(ref _facts);

    public async Task<IReadOnlyList<Slot>> ReadAsync(CancellationToken token)
    {
        if (!_factsAreFresh)
        {
            Volatile.Write(ref _facts, await board.GetFactsAsync(token));
            _factsAreFresh = true;
        }

        var power = await board.GetPowerAsync(token);
        _notes = Facts!.Generation >= BoardGeneration.Third ? await board.GetNotesAsync(token) : [];
        return [.. SlotNumber.All.Select(slot => Join(slot, power[slot]))];
    }

    /// <summary>The slots while nothing is known of them. After an outage the board may run another firmware, so it is asked again.</summary>
    public IReadOnlyList<Slot> Unknown()
    {
        _factsAreFresh = false;
        return [.. SlotNumber.All.Select(slot => Join(slot, null))];
    }

    private Slot Join(SlotNumber slot, bool? power)
    {
        var note = _notes.Count > slot.Index ? _notes[slot.Index] : null;
        var label = _options.Of(slot);
        var state = power switch
        {
            true => SlotState.Powered,
            false => SlotState.Off,
            null => SlotState.Unreachable,
        };
        return new Slot(
            slot,
            state,
            label.Name.Length > 0 ? label.Name : note?.Name ?? "",
            label.Module.Length > 0 ? label.Module : note?.Module ?? "",
            state == SlotState.Powered ? note?.PowerOnTime : null);
    }
}
