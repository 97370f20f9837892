using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Recovery;

/// <summary>A slot as recovery sees it.</summary>
/// <param name="Slot">As board and node show it together.</param>
/// <param name="Sighting">What its node said last; null when it was not asked.</param>
internal sealed record Patient(Slot Slot, NodeSighting? Sighting)
{
    /// <summary>Since when it has been failed or unreachable; null when it is not.</summary>
    public DateTimeOffset? IllSince { get; init; }

    /// <summary>Since when its node has answered with nothing failed; null when it does not.</summary>
    public DateTimeOffset? WellSince { get; init; }

    /// <summary>When it was last seen being flashed; null when it was not.</summary>
    public DateTimeOffset? FlashedTime { get; init; }

    /// <summary>Why it is never touched; null when it may be.</summary>
    public string? Exemption { get; init; }

    /// <summary>True when an image is known that ran in it, so that it can be flashed again.</summary>
    public bool HasImage { get; init; }

    /// <summary>True when a role of the node takes orders.</summary>
    public bool Answers => Sighting is { Reading.Answers: true };

    /// <summary>The node is ill when it is on and has failed. A slot that is off is somebody's will, and one of which nothing is known nobody's patient.</summary>
    public static bool IsIll(Slot slot) => slot is { Power: true, State: SlotState.Failed or SlotState.Unreachable };

    public static bool IsWell(Slot slot, NodeSighting? sighting) => slot.State == SlotState.Active && sighting is { Reading: { Answers: true, FailedParts.Count: 0 } };
}
