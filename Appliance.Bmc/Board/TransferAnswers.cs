using System.Text.Json;

namespace Appliance.Bmc.Board;

/// <summary>Reads what the board says of its transfer: bare JSON, sent as text and without the envelope of all other calls.</summary>
internal static class TransferAnswers
{
    // The daemon's texts name digests and causes; longer than this nobody reads them.
    private const int FailureLimit = 512;

    public static bool TryReadHandle(ReadOnlyMemory<byte> body, out uint handle)
    {
        uint read = 0;
        var found = BoardJson.TryParse(body, root => TryHandle(root, "handle", out read));
        handle = found ? read : 0;
        return found;
    }

    /// <summary>"Ready", or an object with one member that names the state.</summary>
    public static bool TryReadStatus(ReadOnlyMemory<byte> body, out TransferStatus status)
    {
        TransferStatus? read = null;
        var found = BoardJson.TryParse(body, root => (read = Status(root)) is not null);
        status = found ? read! : new TransferStatus(TransferPhase.Ready, 0, 0, "");
        return found;
    }

    private static TransferStatus? Status(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.String)
        {
            return root.ValueEquals("Ready") ? new TransferStatus(TransferPhase.Ready, 0, 0, "") : null;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (root.TryGetProperty("Transferring", out var running) && running.ValueKind == JsonValueKind.Object)
        {
            return new TransferStatus(TransferPhase.Transferring, Count(running, "size"), Count(running, "bytes_written"), "")
            {
                Handle = TryHandle(running, "id", out var handle) ? handle : null,
            };
        }

        if (root.TryGetProperty("Done", out var done))
        {
            return new TransferStatus(TransferPhase.Done, DoneSize(done), 0, "");
        }

        return root.TryGetProperty("Error", out var error)
            ? new TransferStatus(TransferPhase.Failed, 0, 0, BoardJson.TryText(error, FailureLimit, out var text) ? text : Cut(error.GetRawText()))
            : null;
    }

    private static bool TryHandle(JsonElement item, string name, out uint handle)
    {
        var number = BoardJson.Number(item, name);
        var fits = number is >= 0 and <= uint.MaxValue;
        handle = fits ? (uint)number!.Value : 0;
        return fits;
    }

    private static string Cut(string text) => text.Length > FailureLimit ? text[..FailureLimit] : text;

    private static long Count(JsonElement item, string name) => Math.Max(0, BoardJson.Number(item, name) ?? 0);

    /// <summary>The size is the last of a list, behind how long it took.</summary>
    private static long DoneSize(JsonElement done) =>
        done.ValueKind == JsonValueKind.Array && done.GetArrayLength() > 0 && done[done.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Number } size && size.TryGetInt64(out var bytes)
            ? Math.Max(0, bytes)
            : 0;
}
