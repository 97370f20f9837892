using System.Net;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>A Turing Pi 2 over its HTTPS API (firmware 2), generations told apart by what they answer.</summary>
internal sealed class TuringPiBoard(BoardSession session) : IBoard
{
    private const string UnknownType = "Invalid `type` parameter";

    public async Task<BoardFacts> GetFactsAsync(CancellationToken token)
    {
        var about = BoardCall.Get("about");
        if (await AskAsync(about, token) is { } reply)
        {
            return BoardAnswers.TryReadAbout(reply.Body, out var facts) ? facts : throw Unreadable(about, reply);
        }

        var other = BoardCall.Get("other");
        var older = await DemandAsync(other, token);
        return BoardAnswers.TryReadOther(older.Body, out var few) ? few : throw Unreadable(other, older);
    }

    public async Task<BoardResources> GetResourcesAsync(CancellationToken token)
    {
        var call = BoardCall.Get("info");
        if (await AskAsync(call, token) is not { } reply)
        {
            return BoardResources.None;
        }

        return BoardAnswers.TryReadResources(reply.Body, out var resources) ? resources : throw Unreadable(call, reply);
    }

    public async Task<SlotPower> GetPowerAsync(CancellationToken token)
    {
        var call = BoardCall.Get("power");
        var reply = await DemandAsync(call, token);
        return BoardAnswers.TryReadPower(reply.Body, out var power) ? power : throw Unreadable(call, reply);
    }

    public async Task<IReadOnlyList<SlotNote>> GetNotesAsync(CancellationToken token)
    {
        var call = BoardCall.Get("node_info");
        if (await AskAsync(call, token) is not { } reply)
        {
            return [];
        }

        return BoardAnswers.TryReadNotes(reply.Body, out var notes) ? notes : throw Unreadable(call, reply);
    }

    public Task SetPowerAsync(SlotNumber slot, bool on, CancellationToken token) =>
        OrderAsync(BoardCall.Set("power", $"{slot.PowerKey}={(on ? 1 : 0)}", CallKind.Power), token);

    public Task ResetAsync(SlotNumber slot, CancellationToken token) =>
        OrderAsync(BoardCall.Set("reset", $"node={slot.Index}", CallKind.Once), token);

    public Task<UsbRoute> GetUsbAsync(CancellationToken token) => throw new NotSupportedException();

    public Task SetUsbAsync(UsbRoute route, CancellationToken token) => throw new NotSupportedException();

    public Task ClearUsbBootAsync(CancellationToken token) => throw new NotSupportedException();

    public Task<IReadOnlyList<Fan>> GetFansAsync(CancellationToken token) => throw new NotSupportedException();

    public Task SetFanAsync(string device, int speed, CancellationToken token) => throw new NotSupportedException();

    public Task<string> ReadConsoleAsync(SlotNumber slot, CancellationToken token) => throw new NotSupportedException();

    public Task WriteConsoleAsync(SlotNumber slot, string line, CancellationToken token) => throw new NotSupportedException();

    public Task<uint> BeginTransferAsync(TransferOrder order, CancellationToken token) => throw new NotSupportedException();

    public Task UploadAsync(uint handle, TransferOrder order, Stream content, IProgress<long> sent, CancellationToken token) => throw new NotSupportedException();

    public Task<TransferStatus> GetTransferAsync(CancellationToken token) => throw new NotSupportedException();

    public Task CancelTransferAsync(uint handle, CancellationToken token) => throw new NotSupportedException();

    public Task RestartDaemonAsync(CancellationToken token) => throw new NotSupportedException();

    private async Task OrderAsync(BoardCall call, CancellationToken token)
    {
        var reply = await DemandAsync(call, token);
        if (!BoardAnswers.IsOk(reply.Body))
        {
            throw Unreadable(call, reply);
        }
    }

    /// <summary>Null when this firmware does not know the call.</summary>
    private async Task<BoardReply?> AskAsync(BoardCall call, CancellationToken token)
    {
        var reply = await session.SendAsync(call, token);
        var isUnknown = reply.Status == HttpStatusCode.BadRequest
            && BoardAnswers.TryReadRefusal(reply.Body, out var text)
            && text.StartsWith(UnknownType, StringComparison.Ordinal);
        return isUnknown ? null : Answered(call, reply);
    }

    private async Task<BoardReply> DemandAsync(BoardCall call, CancellationToken token) => Answered(call, await session.SendAsync(call, token));

    private static BoardReply Answered(BoardCall call, BoardReply reply)
    {
        if (reply.Status == HttpStatusCode.OK)
        {
            return reply;
        }

        var text = BoardAnswers.TryReadRefusal(reply.Body, out var refusal) ? refusal : reply.Text();
        throw new BusyException("BOARD_REFUSED", $"The board refuses {call.PathAndQuery} with {(int)reply.Status}: {text}");
    }

    // Its web page answers for every path that is not the API's, with 200: the status alone says nothing.
    private static UnreachableException Unreadable(BoardCall call, BoardReply reply) => reply.MediaType == "text/html"
        ? new UnreachableException($"The board answers {call.PathAndQuery} with a web page; is the address that of the board's controller?")
        : new UnreachableException($"The board answers {call.PathAndQuery} with {reply.MediaType} that is no answer to it: {reply.Text()}");
}
