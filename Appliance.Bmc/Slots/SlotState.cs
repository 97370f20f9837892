namespace Appliance.Bmc.Slots;

/// <summary>What is known of a slot.</summary>
internal enum SlotState
{
    /// <summary>The board does not answer, or not for this slot.</summary>
    Unreachable,
    Off,

    /// <summary>On, as the board says; nothing else confirms it.</summary>
    Powered,
}
