using Appliance.Bmc.Board;

namespace Appliance.Bmc.Recovery;

/// <summary>The last step: a slot's own image written to it again.</summary>
internal interface IReflash
{
    /// <summary>True while a flash needs the board, whoever ordered it.</summary>
    bool IsBusy { get; }

    /// <summary>The image that the slot was last proven to run; null when none is known.</summary>
    string? LastGood(SlotNumber slot);

    /// <summary>Writes it and waits for the slot to prove that it runs it, or to need an admin for that: empty then, else what went wrong.</summary>
    Task<string> ReflashAsync(SlotNumber slot, string caller, CancellationToken token);
}
