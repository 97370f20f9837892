namespace Appliance.Bmc.Board;

/// <summary>Where the board's one transfer stands.</summary>
internal enum TransferPhase
{
    /// <summary>None since the daemon started.</summary>
    Ready,
    Transferring,
    Done,
    Failed,
}
