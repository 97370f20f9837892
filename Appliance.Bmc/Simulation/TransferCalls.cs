using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Appliance.Bmc.Simulation;

/// <summary>Flash and firmware: begin, upload, status, cancel.</summary>
internal sealed class TransferCalls(TransferDesk desk, SimulatorOptions options)
{
    private const int ChunkBytes = 64 * 1024;

    private readonly BoardProfile _profile = options.Profile;
    private readonly BoardFaults _faults = options.Faults;

    /// <summary>The daemon finds these calls by a search in the raw query.</summary>
    public static bool IsTransfer(BoardQuery query, string opt) =>
        query.Raw.Contains("opt=" + opt, StringComparison.Ordinal)
        && (query.Raw.Contains("type=flash", StringComparison.Ordinal) || query.Raw.Contains("type=firmware", StringComparison.Ordinal));

    public BoardAnswer Status() => BoardAnswer.Bare(desk.Status());

    public BoardAnswer Cancel()
    {
        desk.Cancel();
        return BoardAnswer.Empty(StatusCodes.Status200OK);
    }

    /// <summary>Ends what ran when the daemon ended.</summary>
    public Task EndAsync() => desk.EndAsync();

    public BoardAnswer Begin(BoardQuery query)
    {
        int? node = null;
        if (query["type"] == "flash")
        {
            if (!query.TryNode(out var index, out var refusal))
            {
                return refusal;
            }

            node = index;
        }
        else if (query["type"] != "firmware")
        {
            return BoardAnswer.BadRequest("`type` should equal 'firmware' or 'flash'");
        }

        return BeginFromSource(query, node);
    }

    public async Task<BoardAnswer> UploadAsync(HttpRequest request, uint handle, CancellationToken token)
    {
        if (!desk.TryClaim(handle, out var transfer, out var refusal))
        {
            return refusal;
        }

        var part = await FirstPartAsync(request, token);
        if (part is null && !token.IsCancellationRequested)
        {
            return BoardAnswer.BadRequest("Multipart form invalid");
        }

        // A client that left before its first byte has sent a file that is too short, like any other that leaves.
        var (received, workerLives) = await CopyAsync(part?.Body ?? Stream.Null, transfer.Pipe.Writer, request.HttpContext, token);
        if (!workerLives)
        {
            return BoardAnswer.Refusal(StatusCodes.Status500InternalServerError, await desk.WorkerErrorAsync(transfer));
        }

        if (received == transfer.Request.Size || !_profile.RefusesShortUpload)
        {
            await transfer.Pipe.Writer.CompleteAsync();
            return BoardAnswer.Empty(StatusCodes.Status200OK);
        }

        desk.Cancel();
        await transfer.Pipe.Writer.CompleteAsync();
        return BoardAnswer.BadRequest($"missing {HumanSize.Format(unchecked((ulong)(transfer.Request.Size - received)))} bytes");
    }

    private BoardAnswer BeginFromSource(BoardQuery query, int? node)
    {
        if (query["file"] is not { } file)
        {
            return BoardAnswer.BadRequest("Invalid `file` query parameter");
        }

        if (query.Has("local"))
        {
            return BeginLocal(query, file, node);
        }

        if (!TryDigest(_profile.TransferChecks ? query["sha256"] : null, out var digest, out var fault))
        {
            return BoardAnswer.BadRequest($"`sha256` parameter contains invalid hex values: {fault}");
        }

        if (_profile.TransferChecks && file.StartsWith("http", StringComparison.Ordinal))
        {
            // It has no way out to the network either.
            return BoardAnswer.Refusal(StatusCodes.Status500InternalServerError, $"error sending request for url ({file})");
        }

        if (query["length"] is not { } length)
        {
            return BoardAnswer.Refusal(StatusCodes.Status411LengthRequired, "Invalid `length` query parameter");
        }

        return long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? Begin(Request(query, file, node, size, digest))
            : BoardAnswer.BadRequest("`length` parameter is not a number");
    }

    /// <summary>From the card nothing is uploaded, and no digest is looked at.</summary>
    private BoardAnswer BeginLocal(BoardQuery query, string file, int? node) =>
        options.SdCardFiles.TryGetValue(file, out var path) && File.Exists(path)
            ? Begin(Request(query, file, node, new FileInfo(path).Length, digest: null) with { LocalFile = path })
            : BoardAnswer.Refusal(StatusCodes.Status500InternalServerError, "No such file or directory (os error 2)");

    private TransferRequest Request(BoardQuery query, string file, int? node, long size, byte[]? digest) =>
        new(node, ProcessName(node), size, digest, Verify: !(_profile.TransferChecks && query.Has("skip_crc")))
        {
            IsXz = _profile.DecodesXz && file.EndsWith(".xz", StringComparison.Ordinal),
        };

    private BoardAnswer Begin(TransferRequest request) =>
        BoardAnswer.Bare(new JsonObject { ["handle"] = desk.Begin(request) });

    private string ProcessName(int? node) =>
        node is { } index ? $"Node {index + 1} {_profile.FlashProcess}" : _profile.FirmwareProcess;

    private static bool TryDigest(string? hex, out byte[]? digest, out string fault)
    {
        digest = null;
        fault = hex is not null && hex.Length % 2 != 0 ? "Odd number of digits" : "Invalid character found";
        try
        {
            digest = hex is null ? null : Convert.FromHexString(hex);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static async Task<MultipartSection?> FirstPartAsync(HttpRequest request, CancellationToken token)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return null;
        }

        try
        {
            return await new MultipartReader(boundary, request.Body).ReadNextSectionAsync(token);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<(long Received, bool WorkerLives)> CopyAsync(Stream source, PipeWriter target, HttpContext context, CancellationToken token)
    {
        var received = 0L;
        try
        {
            while (await PassesAsync(context, received, token))
            {
                var room = target.GetMemory(ChunkBytes);
                var limit = BoardFaults.Until(_faults.DropUploadAt, _faults.StallUploadAt, received, room.Length);
                var count = await source.ReadAsync(room[..limit], token);
                if (count == 0)
                {
                    return (received, true);
                }

                target.Advance(count);
                received += count;
                if ((await target.FlushAsync(token)).IsCompleted)
                {
                    return (received, false);
                }
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or OperationCanceledException)
        {
            // A broken connection ends the upload; what is missing decides.
        }

        return (received, true);
    }

    /// <summary>False when the connection is made to break here.</summary>
    private async Task<bool> PassesAsync(HttpContext context, long received, CancellationToken token)
    {
        if (_faults.TakesStall(received))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }

        if (!_faults.TakesDrop(received))
        {
            return true;
        }

        context.Abort();
        return false;
    }
}
