namespace Appliance.Bmc.Board;

/// <summary>What the board is to write to a slot: a stream of that many bytes, and their SHA-256 in lower-case hex.</summary>
internal sealed record TransferOrder(SlotNumber Slot, string FileName, long Length, string Sha256);
