namespace Appliance.Bmc.Board;

/// <summary>The board's own controller, as far as this program uses it. Every call may throw that the board is unreachable.</summary>
internal interface IBoard
{
    /// <summary>Asks for versions and names, and from them what this firmware can do.</summary>
    Task<BoardFacts> GetFactsAsync(CancellationToken token);

    /// <summary>Addresses and storage; empty on firmware that does not tell.</summary>
    Task<BoardResources> GetResourcesAsync(CancellationToken token);

    /// <summary>Which slots are meant to be on. The board stores this; it measures nothing.</summary>
    Task<SlotPower> GetPowerAsync(CancellationToken token);

    /// <summary>What the board notes about each slot; empty on firmware that notes nothing.</summary>
    Task<IReadOnlyList<SlotNote>> GetNotesAsync(CancellationToken token);

    Task SetPowerAsync(SlotNumber slot, bool on, CancellationToken token);

    /// <summary>Off for a second and on. On a slot that is off it ends powered while the board still says off.</summary>
    Task ResetAsync(SlotNumber slot, CancellationToken token);
}
