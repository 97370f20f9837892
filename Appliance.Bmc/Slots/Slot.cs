using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>A slot of the board as it is seen now; uptime is null when it is off or nobody knows.</summary>
internal sealed record Slot(SlotNumber Number, SlotState State, string Name, string Module, TimeSpan? Uptime)
{
    /// <summary>Why the state is what it is, a sentence each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What the node says that it runs; empty while it does not answer.</summary>
    public string Version { get; init; } = "";

    /// <summary>Guarded: orders that cut its power need to say that they may.</summary>
    public bool Critical { get; init; }

    /// <summary>As the board stores it, which is no measurement; null when it does not tell.</summary>
    public bool? Power { get; init; }

    /// <summary>As it was last ordered here; null while nothing was.</summary>
    public bool? DesiredPower { get; init; }

    /// <summary>True when there is something to tell; an uptime that has only grown is nothing.</summary>
    public bool DiffersFrom(Slot before) =>
        State != before.State || Name != before.Name || Module != before.Module || Version != before.Version
        || Power != before.Power || DesiredPower != before.DesiredPower || Critical != before.Critical
        || !Evidence.SequenceEqual(before.Evidence, StringComparer.Ordinal) || HasStartedSince(before);

    private bool HasStartedSince(Slot before) => Uptime is { } now && before.Uptime is { } then && now < then;
}
