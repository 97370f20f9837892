namespace Appliance.Bmc.Board;

/// <summary>Addresses and storage of the board's controller.</summary>
internal sealed record BoardResources(IReadOnlyList<BoardAddress> Addresses, IReadOnlyList<BoardVolume> Volumes)
{
    public static BoardResources None { get; } = new([], []);
}
