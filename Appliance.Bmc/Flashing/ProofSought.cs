using Appliance.Bmc.Images;

namespace Appliance.Bmc.Flashing;

/// <summary>What has to be seen of a slot before it counts as running an image.</summary>
/// <param name="Image">The image, known by its version.</param>
/// <param name="Text">Text of a foreign image on the console; empty asks for the version.</param>
/// <param name="Slot">The slot as it was before, and the node that a node file has made of it.</param>
internal sealed record ProofSought(Image Image, string Text, SlotFlash Slot)
{
    public string Words => Text.Length > 0 ? $"the image ('{Text}' on its console)" : Slot.Node.Length > 0 ? $"{Image.Version} as node {Slot.Node}" : Image.Version;

    /// <summary>With what follows the version: 1.2 is no proof of 1.2.3. With the node's name where a node file gave it one, since the image alone runs without.</summary>
    public bool IsShownBy(string line) => Text.Length > 0
        ? line.Contains(Text, StringComparison.Ordinal)
        : Image.Version.Length > 0
            && line.Contains($"appliance: image {Image.Version},", StringComparison.Ordinal)
            && (Slot.Node.Length == 0 || line.TrimEnd().EndsWith($", node {Slot.Node}", StringComparison.Ordinal));
}
