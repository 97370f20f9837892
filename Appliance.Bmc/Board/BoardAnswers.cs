using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Appliance.Bmc.Board;

/// <summary>
/// Reads the board's answers. They are believed in nothing: numbers and strings count alike, `result` may be missing as
/// in the oldest firmware, and anything that is no answer is simply not read.
/// </summary>
internal static class BoardAnswers
{
    private const int TokenLimit = 256;

    // Texts that people gave; the firmware sets no limit.
    private const int TextLimit = 128;

    /// <summary>The token of a log-in.</summary>
    public static bool TryReadToken(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out string? token)
    {
        string? read = null;
        var found = TryParse(body, root => TryText(root, "id", TokenLimit, out read) && read.Length > 0 && read.All(char.IsAsciiLetterOrDigit));
        token = found ? read : null;
        return found;
    }

    /// <summary>True for `{"response":[{"result":"ok"}]}`.</summary>
    public static bool IsOk(ReadOnlyMemory<byte> body) =>
        TryParse(body, root => TryResult(root, out var result) && TryText(result, TextLimit, out var text) && text == "ok");

    /// <summary>The text of an enveloped refusal.</summary>
    public static bool TryReadRefusal(ReadOnlyMemory<byte> body, out string text)
    {
        var read = "";
        var found = TryParse(body, root => TryResult(root, out var result) && TryText(result, TextLimit, out read));
        text = found ? read : "";
        return found;
    }

    /// <summary>Power of the four slots; at least one of them must be there.</summary>
    public static bool TryReadPower(ReadOnlyMemory<byte> body, out SlotPower power)
    {
        SlotPower read = default;
        var found = TryParse(body, root =>
        {
            if (!TryResult(root, out var result) || !TryObject(result, out var slots) || !SlotNumber.All.Any(slot => slots.TryGetProperty(slot.PowerKey, out _)))
            {
                return false;
            }

            read = new SlotPower(Switch(slots, 1), Switch(slots, 2), Switch(slots, 3), Switch(slots, 4));
            return true;
        });
        power = read;
        return found;
    }

    /// <summary>What `about` says, from firmware 2.0.2 on.</summary>
    public static bool TryReadAbout(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out BoardFacts? facts)
    {
        BoardFacts? read = null;
        var found = TryParse(body, root => TryResult(root, out var result) && TryObject(result, out var about) && (read = Facts(about)) is not null);
        facts = read;
        return found;
    }

    /// <summary>What `other` says, for firmware without `about`.</summary>
    public static bool TryReadOther(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out BoardFacts? facts)
    {
        BoardFacts? read = null;
        var found = TryParse(body, root =>
        {
            if (!TryResult(root, out var result) || !TryObject(result, out var other) || !TryText(other, "version", TextLimit, out var version))
            {
                return false;
            }

            read = new BoardFacts(BoardGeneration.First, "", "", "", version, "");
            return true;
        });
        facts = read;
        return found;
    }

    /// <summary>The notes on the four slots, in their order.</summary>
    public static bool TryReadNotes(ReadOnlyMemory<byte> body, out IReadOnlyList<SlotNote> notes)
    {
        List<SlotNote> read = [];
        var found = TryParse(body, root =>
        {
            if (!TryResult(root, out var result) || result.ValueKind != JsonValueKind.Array || result.GetArrayLength() != SlotNumber.Last)
            {
                return false;
            }

            read.AddRange(result.EnumerateArray().Select(Note));
            return true;
        });
        notes = found ? read : [];
        return found;
    }

    /// <summary>Addresses and storage.</summary>
    public static bool TryReadResources(ReadOnlyMemory<byte> body, out BoardResources resources)
    {
        var read = BoardResources.None;
        var found = TryParse(body, root =>
        {
            if (!TryResult(root, out var result) || !TryObject(result, out var all))
            {
                return false;
            }

            var addresses = Items(all, "ip").Select(item => new BoardAddress(Text(item, "device"), Text(item, "ip"), Text(item, "mac")));
            var volumes = Items(all, "storage").Select(item => new BoardVolume(Text(item, "name"), Number(item, "total_bytes") ?? 0, Number(item, "bytes_free") ?? 0));
            read = new BoardResources([.. addresses], [.. volumes]);
            return true;
        });
        resources = found ? read : BoardResources.None;
        return found;
    }

    private static bool TryParse(ReadOnlyMemory<byte> body, Func<JsonElement, bool> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
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
    private static bool TryResult(JsonElement root, out JsonElement result)
    {
        result = default;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("response", out var response)
            || response.ValueKind != JsonValueKind.Array
            || response.GetArrayLength() == 0)
        {
            return false;
        }

        var first = response[0];
        result = first.ValueKind == JsonValueKind.Object && first.TryGetProperty("result", out var inner) ? inner : first;
        return true;
    }

    /// <summary>An object, alone or as the first of a list: the firmware wraps some in a list of one.</summary>
    private static bool TryObject(JsonElement element, out JsonElement value)
    {
        value = element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 ? element[0] : element;
        return value.ValueKind == JsonValueKind.Object;
    }

    private static bool? Switch(JsonElement slots, int slot) => slots.TryGetProperty($"node{slot}", out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String or JsonValueKind.Number when TryText(value, TextLimit, out var text) => text == "1" ? true : text == "0" ? false : null,
            _ => null,
        }
        : null;

    private static BoardFacts? Facts(JsonElement about)
    {
        if (!TryText(about, "version", TextLimit, out var version) || version.Length == 0)
        {
            return null;
        }

        var model = Text(about, "board_model");
        var revision = Text(about, "board_revision");
        var host = Text(about, "hostname");
        return TryText(about, "bmcd_version", TextLimit, out var daemon)
            ? new BoardFacts(BoardGeneration.Fourth, model, revision, host, daemon, version)
            : new BoardFacts(
                about.TryGetProperty("board_model", out _) ? BoardGeneration.Third : BoardGeneration.Second,
                model,
                revision,
                host,
                version,
                Text(about, "build_version"));
    }

    private static SlotNote Note(JsonElement item)
    {
        var seconds = item.ValueKind == JsonValueKind.Object ? Number(item, "power_on_time") : null;

        // A board without a set clock may count from 1970, or backwards; neither is an uptime.
        var isSane = seconds is >= 0 and <= 10L * 365 * 24 * 3600;
        return new SlotNote(Text(item, "name"), Text(item, "module_name"), isSane ? TimeSpan.FromSeconds(seconds!.Value) : null);
    }

    private static List<JsonElement> Items(JsonElement all, string name) =>
        all.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && TryText(item, name, TextLimit, out var text) ? text : "";

    private static long? Number(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && TryText(item, name, TextLimit, out var text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool TryText(JsonElement item, string name, int limit, out string text)
    {
        text = "";
        return item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var field) && TryText(field, limit, out text);
    }

    private static bool TryText(JsonElement field, int limit, out string text)
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
