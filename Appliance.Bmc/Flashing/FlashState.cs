namespace Appliance.Bmc.Flashing;

/// <summary>Where a flash, or one slot of it, stands.</summary>
internal enum FlashState
{
    /// <summary>Accepted, and nothing is sent yet.</summary>
    Preparing,
    Writing,

    /// <summary>The board reads back what it has written.</summary>
    Verifying,
    Restarting,

    /// <summary>Waits for the slot to show that it runs the image.</summary>
    Proving,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>Waits for an admin to give the slot's node its certificate.</summary>
    Enrolling,

    /// <summary>The node has its certificate, and its roles have to answer.</summary>
    Starting,
}
