using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Appliance.Bmc.Board;

/// <summary>
/// Reads the board's answers. They are believed in nothing: numbers and strings count alike, `result` may be missing as
/// in the oldest firmware, and anything that is no answer is simply not read.
/// </summary>
internal static class BoardAnswers
{
    private const int TokenLimit = 256;

    /// <summary>The token of a log-in.</summary>
    public static bool TryReadToken(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out string? token)
    {
        string? read = null;
        var found = BoardJson.TryParse(body, root => BoardJson.TryText(root, "id", TokenLimit, out read) && read.Length > 0 && read.All(char.IsAsciiLetterOrDigit));
        token = found ? read : null;
        return found;
    }

    /// <summary>True for `{"response":[{"result":"ok"}]}`.</summary>
    public static bool IsOk(ReadOnlyMemory<byte> body) =>
        BoardJson.TryParse(body, root => BoardJson.TryResult(root, out var result) && BoardJson.TryText(result, BoardJson.TextLimit, out var text) && text == "ok");

    /// <summary>The text of an enveloped refusal.</summary>
    public static bool TryReadRefusal(ReadOnlyMemory<byte> body, out string text)
    {
        var read = "";
        var found = BoardJson.TryParse(body, root => BoardJson.TryResult(root, out var result) && BoardJson.TryText(result, BoardJson.TextLimit, out read));
        text = found ? read : "";
        return found;
    }

    /// <summary>Code and text of a refusal by firmware 1, which has status 200 for everything.</summary>
    public static bool TryReadFault(ReadOnlyMemory<byte> body, out long code, out string text)
    {
        var (readCode, readText) = (0L, "");
        var found = BoardJson.TryParse(body, root =>
            BoardJson.TryEnvelope(root, out var first)
            && BoardJson.Number(first, "code") is { } number and >= 400
            && BoardJson.TryText(first, "result", BoardJson.TextLimit, out readText)
            && (readCode = number) > 0);
        (code, text) = found ? (readCode, readText) : (0, "");
        return found;
    }

    /// <summary>Addresses from `other`, for firmware without `info`.</summary>
    public static BoardResources ReadAddress(ReadOnlyMemory<byte> body)
    {
        var read = BoardResources.None;
        BoardJson.TryParse(body, root =>
        {
            if (BoardJson.TryResult(root, out var result) && BoardJson.TryObject(result, out var other) && BoardJson.Text(other, "ip") is { Length: > 0 } address)
            {
                read = new BoardResources([new BoardAddress("", address, BoardJson.Text(other, "mac"))], []);
            }

            return true;
        });
        return read;
    }

    /// <summary>Power of the four slots; at least one of them must be there.</summary>
    public static bool TryReadPower(ReadOnlyMemory<byte> body, out SlotPower power)
    {
        SlotPower read = default;
        var found = BoardJson.TryParse(body, root =>
        {
            if (!BoardJson.TryResult(root, out var result) || !BoardJson.TryObject(result, out var slots) || !SlotNumber.All.Any(slot => slots.TryGetProperty(slot.PowerKey, out _)))
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
        var found = BoardJson.TryParse(body, root => BoardJson.TryResult(root, out var result) && BoardJson.TryObject(result, out var about) && (read = Facts(about)) is not null);
        facts = read;
        return found;
    }

    /// <summary>What `other` says, for firmware without `about`.</summary>
    public static bool TryReadOther(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out BoardFacts? facts)
    {
        BoardFacts? read = null;
        var found = BoardJson.TryParse(body, root =>
        {
            if (!BoardJson.TryResult(root, out var result) || !BoardJson.TryObject(result, out var other) || !BoardJson.TryText(other, "version", BoardJson.TextLimit, out var version))
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
        var found = BoardJson.TryParse(body, root =>
        {
            if (!BoardJson.TryResult(root, out var result) || result.ValueKind != JsonValueKind.Array || result.GetArrayLength() != SlotNumber.Last)
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
        var found = BoardJson.TryParse(body, root =>
        {
            if (!BoardJson.TryResult(root, out var result) || !BoardJson.TryObject(result, out var all))
            {
                return false;
            }

            var addresses = BoardJson.Items(all, "ip").Select(item => new BoardAddress(BoardJson.Text(item, "device"), BoardJson.Text(item, "ip"), BoardJson.Text(item, "mac")));
            var volumes = BoardJson.Items(all, "storage").Select(item => new BoardVolume(BoardJson.Text(item, "name"), BoardJson.Number(item, "total_bytes") ?? 0, BoardJson.Number(item, "bytes_free") ?? 0));
            read = new BoardResources([.. addresses], [.. volumes]);
            return true;
        });
        resources = found ? read : BoardResources.None;
        return found;
    }

    private static bool? Switch(JsonElement slots, int slot) => slots.TryGetProperty($"node{slot}", out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String or JsonValueKind.Number when BoardJson.TryText(value, BoardJson.TextLimit, out var text) => text == "1" ? true : text == "0" ? false : null,
            _ => null,
        }
        : null;

    private static BoardFacts? Facts(JsonElement about)
    {
        if (!BoardJson.TryText(about, "version", BoardJson.TextLimit, out var version) || version.Length == 0)
        {
            return null;
        }

        var model = BoardJson.Text(about, "board_model");
        var revision = BoardJson.Text(about, "board_revision");
        var host = BoardJson.Text(about, "hostname");
        return BoardJson.TryText(about, "bmcd_version", BoardJson.TextLimit, out var daemon)
            ? new BoardFacts(BoardGeneration.Fourth, model, revision, host, daemon, version)
            : new BoardFacts(
                about.TryGetProperty("board_model", out _) ? BoardGeneration.Third : BoardGeneration.Second,
                model,
                revision,
                host,
                version,
                BoardJson.Text(about, "build_version"));
    }

    private static SlotNote Note(JsonElement item)
    {
        var seconds = item.ValueKind == JsonValueKind.Object ? BoardJson.Number(item, "power_on_time") : null;

        // A board without a set clock may count from 1970, or backwards; neither is an uptime.
        var isSane = seconds is >= 0 and <= 10L * 365 * 24 * 3600;
        return new SlotNote(BoardJson.Text(item, "name"), BoardJson.Text(item, "module_name"), isSane ? TimeSpan.FromSeconds(seconds!.Value) : null);
    }
}
