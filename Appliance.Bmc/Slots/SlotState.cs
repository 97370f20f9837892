namespace Appliance.Bmc.Slots;

/// <summary>What is known of a slot: the board's word, joined with what its node and its console show.</summary>
internal enum SlotState
{
    /// <summary>Nothing answers that could tell more: not the node, or not even the board.</summary>
    Unreachable,
    Off,

    /// <summary>On, as the board says; the configuration names no node that could confirm it.</summary>
    Powered,

    /// <summary>On, and its node may still be starting.</summary>
    Booting,

    /// <summary>Its node answers, and no part of its roles has failed.</summary>
    Active,

    /// <summary>It runs, and what it shows is a failure.</summary>
    Failed,

    /// <summary>Its flash is being written.</summary>
    Flashing,

    /// <summary>Set aside after recovery failed; nothing touches it by itself.</summary>
    Quarantined,
}
