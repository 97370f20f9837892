namespace Appliance.Bmc.Flashing;

/// <summary>What is kept on disk: the newest flashes, the newest last, and the last good image of each slot.</summary>
internal sealed record FlashBook(IReadOnlyList<Flash> Flashes, IReadOnlyList<LastGoodImage> LastGood)
{
    public static FlashBook Empty { get; } = new([], []);
}
