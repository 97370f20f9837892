using System.Globalization;
using System.Text.Json;

namespace Appliance.Bmc.Board;

/// <summary>Reads JSON that nobody vouches for: what is not as expected is simply not there.</summary>
internal static class BoardJson
{
    /// <summary>Length that texts are cut to; people gave them and the firmware sets no limit.</summary>
    public const int TextLimit = 128;

    public static bool TryParse(ReadOnlyMemory<byte> body, Func<JsonElement, bool> read)
    {
        try
        {
            // The first value only: 1.1.0 sends the answer to `clear_usb_boot` twice, one behind the other.
            var reader = new Utf8JsonReader(body.Span);
            using var document = JsonDocument.ParseValue(ref reader);
            return read(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string that is no text: bytes that are not UTF-8, or half of a surrogate pair.
            return false;
        }
    }

    /// <summary>What is in the envelope; without `result` (firmware 1) the envelope's object itself.</summary>
    public static bool TryResult(JsonElement root, out JsonElement result)
    {
        if (!TryEnvelope(root, out result))
        {
            return false;
        }

        result = result.ValueKind == JsonValueKind.Object && result.TryGetProperty("result", out var inner) ? inner : result;
        return true;
    }

    public static bool TryEnvelope(JsonElement root, out JsonElement first)
    {
        first = default;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("response", out var response)
            || response.ValueKind != JsonValueKind.Array
            || response.GetArrayLength() == 0)
        {
            return false;
        }

        first = response[0];
        return true;
    }

    /// <summary>An object, alone or as the first of a list: the firmware wraps some in a list of one.</summary>
    public static bool TryObject(JsonElement element, out JsonElement value)
    {
        value = element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 ? element[0] : element;
        return value.ValueKind == JsonValueKind.Object;
    }

    public static List<JsonElement> Items(JsonElement all, string name) =>
        all.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    public static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && TryText(item, name, TextLimit, out var text) ? text : "";

    public static long? Number(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && TryText(item, name, TextLimit, out var text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static bool TryText(JsonElement item, string name, int limit, out string text)
    {
        text = "";
        return item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var field) && TryText(field, limit, out text);
    }

    public static bool TryText(JsonElement field, int limit, out string text)
    {
        var raw = field.ValueKind switch
        {
            JsonValueKind.String => field.GetString(),
            JsonValueKind.Number => field.GetRawText(),
            _ => null,
        };

        // The EEPROM's texts come padded with NUL, os-release's in their quote marks.
        text = raw?.Trim('\0', ' ', '"') ?? "";
        text = text.Length > limit ? text[..limit] : text;
        return raw is not null;
    }
}
