using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>A slot of the board as it is seen now; uptime is null when it is off or nobody knows.</summary>
internal sealed record Slot(SlotNumber Number, SlotState State, string Name, string Module, TimeSpan? Uptime)
{
    /// <summary>True when there is something to tell; an uptime that has only grown is nothing.</summary>
    public bool DiffersFrom(Slot before) =>
        State != before.State || Name != before.Name || Module != before.Module || HasStartedSince(before);

    private bool HasStartedSince(Slot before) => Uptime is { } now && before.Uptime is { } then && now < then;
}
