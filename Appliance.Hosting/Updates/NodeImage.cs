using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Hosting.Updates;

/// <summary>The image that a node runs, as its build says.</summary>
/// <param name="Version">For example <c>1.4.0</c>.</param>
/// <param name="Target"><c>cm4</c> or <c>virt</c>.</param>
/// <param name="Compatible">What a bundle for it says of itself, for example <c>appliance-cm4</c>.</param>
public sealed record NodeImage(
    [property: JsonRequired] string Version, [property: JsonRequired] string Target, [property: JsonRequired] string Compatible)
{
    private const string SlotKey = "rauc.slot=";

    /// <summary>Null where the node runs none of ours.</summary>
    public static NodeImage? Read(UpdatePaths paths) =>
        File.Exists(paths.Image) ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Image), UpdateJson.Default.NodeImage) : null;

    /// <summary>"A" or "B"; empty where the bootloader names none.</summary>
    public static string ReadSlot(UpdatePaths paths) => File.Exists(paths.CommandLine)
        ? File.ReadAllText(paths.CommandLine).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => word.StartsWith(SlotKey, StringComparison.Ordinal))?[SlotKey.Length..] ?? ""
        : "";
}
