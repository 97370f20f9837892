namespace Appliance.Bmc.Board;

/// <summary>What the board says of its one transfer; written bytes start again at 0 when it reads back, and tell nothing once it ended.</summary>
internal sealed record TransferStatus(TransferPhase Phase, long Size, long WrittenBytes, string Failure)
{
    /// <summary>Of the transfer that runs, as its begin gave it; an ended one has none, so another's end looks like one's own.</summary>
    public uint? Handle { get; init; }
}
