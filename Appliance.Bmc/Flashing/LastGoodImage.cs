namespace Appliance.Bmc.Flashing;

/// <summary>The image that a slot was last proven to run: what recovery would write to it.</summary>
internal sealed record LastGoodImage(int Slot, string ImageId, string Version, string FlashId, DateTimeOffset Time, string ProofText)
{
    /// <summary>The node that a node file made of it: the image alone would not bring it back.</summary>
    public string Node { get; init; } = "";
}
