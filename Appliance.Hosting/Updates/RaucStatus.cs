using System.Text.Json;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>Reads what rauc(1) prints as JSON: of 1.8 and of 1.13 alike, fields that are not needed are passed over.</summary>
internal static class RaucStatus
{
    /// <summary>`rauc info --output-format=json`.</summary>
    public static RaucBundle ReadBundle(string json) => Read(json, root => new RaucBundle(Text(root, "compatible"), Text(root, "version")));

    /// <summary>`rauc status --detailed --output-format=json`: the slots that can be booted.</summary>
    public static IReadOnlyList<RaucSlot> ReadSlots(string json) => Read(json, root => root.GetProperty("slots").EnumerateArray()
        .SelectMany(entry => entry.EnumerateObject())
        .Select(slot => ReadSlot(slot.Value))
        .Where(slot => slot.Bootname.Length > 0)
        .ToList());

    private static RaucSlot ReadSlot(JsonElement slot)
    {
        var isWhole = slot.TryGetProperty("slot_status", out var status) && Text(status, "status") == "ok";
        return new RaucSlot(
            Text(slot, "bootname"),
            Text(slot, "state") == "booted",
            isWhole && status.TryGetProperty("bundle", out var bundle) ? Text(bundle, "version") : "");
    }

    private static T Read<T>(string json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UnreachableException($"rauc said what can't be read: {error.Message}", error);
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
