namespace Appliance.Bmc.Flashing;

/// <summary>What kind of thing kept a slot from being written.</summary>
internal enum FlashFault
{
    /// <summary>The connection, or the board's daemon, went away.</summary>
    Lost,

    /// <summary>The module did not show as a USB disk; nothing was written.</summary>
    NoDisk,

    /// <summary>The board wrote, and says that what is on the module is not what was sent.</summary>
    Mismatch,

    /// <summary>Another failure that the board tells.</summary>
    Other,

    /// <summary>Nothing was begun, and trying again changes nothing.</summary>
    Refused,
}
