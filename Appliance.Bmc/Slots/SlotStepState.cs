namespace Appliance.Bmc.Slots;

/// <summary>Where a slot stands in an ordered bring-up or shutdown.</summary>
internal enum SlotStepState
{
    Switching,

    /// <summary>Powered, and not ready yet.</summary>
    Waiting,
    Succeeded,
    Failed,
    Skipped,
}
