using System.Globalization;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>The board's one transfer: begin, upload, status, cancel.</summary>
internal sealed class BoardTransfers(BoardSession session, BoardDialogue dialogue)
{
    /// <summary>Reason of an upload that somebody cancelled.</summary>
    public const string Cancelled = "TRANSFER_CANCELLED";

    // The daemon switches the slot off, over to USB and on again inside this call.
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(60);

    /// <summary>Never sent twice: a second one would silently cancel the first.</summary>
    public async Task<uint> BeginAsync(TransferOrder order, CancellationToken token)
    {
        // No `skip_crc`: its mere presence, whatever its value, would skip the read-back. Firmware 2.0 ignores the digest.
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"node={order.Slot.Index}&file={WireName(order.FileName)}&length={order.Length}&sha256={order.Sha256}");
        var call = BoardCall.Set("flash", query, CallKind.Once) with { Limit = BeginLimit };
        var reply = await dialogue.DemandAsync(call, token);
        return TransferAnswers.TryReadHandle(reply.Body, out var handle) ? handle : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    public async Task UploadAsync(BoardUpload upload, CancellationToken token)
    {
        try
        {
            var reply = BoardDialogue.Answered(upload.Path, await session.UploadAsync(upload, token));
            if (reply.MediaType == "text/html")
            {
                throw BoardDialogue.Unreadable(upload.Path, reply);
            }
        }
        catch (BusyException error) when (error.Reason is BoardTransport.UploadBroken or BoardDialogue.Refused)
        {
            // A transfer that has failed meanwhile is refused for its state, not its cause; and when the board hangs up while
            // bytes are under way, even that answer is lost. Its state is not.
            throw new BusyException(error.Reason, $"{error.Message} {await CauseAsync(token)}".TrimEnd());
        }
    }

    public async Task<TransferStatus> GetAsync(CancellationToken token)
    {
        var call = BoardCall.Get("flash");
        var reply = await dialogue.DemandAsync(call, token);
        return TransferAnswers.TryReadStatus(reply.Body, out var status) ? status : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    /// <summary>Breaks off our own upload first: the board hears nothing else before. Its cancel looks at no handle, so whose transfer runs is looked at here.</summary>
    public async Task CancelAsync(uint handle, CancellationToken token)
    {
        await session.AbortUploadAsync(handle, token);
        var status = await GetAsync(token);
        if (status.Phase != TransferPhase.Transferring)
        {
            return;
        }

        if (status.Handle != handle)
        {
            throw new BusyException("TRANSFER_OF_OTHERS", $"The board works on transfer {status.Handle}, not on {handle}; it is left alone.");
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"{BoardCall.Api}/upload/{handle}/cancel");
        await dialogue.DemandAsync(new BoardCall(path, CallKind.Once), token);
    }

    private async Task<string> CauseAsync(CancellationToken token)
    {
        try
        {
            var status = await GetAsync(token);
            return status.Phase == TransferPhase.Failed ? $"The board says: {status.Failure}." : "";
        }
        catch (Exception error) when (error is UnreachableException or BusyException or LimitExceededException)
        {
            return error.Message;
        }
    }

    // A name that begins with "http" would be fetched by the board itself, one that ends in ".xz" decoded on the way;
    // what is sent here is neither.
    private static string WireName(string name) =>
        $"image-{string.Concat(name.Take(64).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-'))}.img";
}
