namespace Appliance.Bmc.Board;

/// <summary>What the board says of its one transfer; written bytes start again at 0 when it reads back, and tell nothing once it ended.</summary>
internal sealed record TransferStatus(TransferPhase Phase, long Size, long WrittenBytes, string Failure);
