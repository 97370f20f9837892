using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Recovery;

/// <summary>Keeps recovery still while a change of a node awaits its confirmation, such as a ruleset.</summary>
/// <remarks>A node that fell silent under such a change comes back when the change does, and a restart would only hide which it was.</remarks>
internal sealed class CommitHold(NodeMonitor nodes)
{
    // A ruleset waits at most an hour (the Router's longest window), where the node does not tell until when.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // The change goes back at its deadline, which takes the Router a moment, and the nodes' clocks differ.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset?[] _until = new DateTimeOffset?[SlotNumber.Last];

    /// <summary>Null when nothing awaits a confirmation.</summary>
    public string? Look(DateTimeOffset now)
    {
        foreach (var slot in SlotNumber.All)
        {
            Note(slot, now);
        }

        foreach (var slot in SlotNumber.All)
        {
            if (_until[slot.Index] is { } until && now < until)
            {
                return $"the node in slot {slot} has a change that awaits its confirmation";
            }
        }

        return null;
    }

    private void Note(SlotNumber slot, DateTimeOffset now)
    {
        // What a silent node said last still counts.
        if (nodes.Of(slot) is { Reading: { Answers: true } reading } sighting)
        {
            _until[slot.Index] = !reading.CommitPending ? null
                : reading.CommitDeadline is { } deadline ? (deadline > now ? deadline : now) + Margin
                : sighting.Time + Longest + Margin;
        }
    }
}
