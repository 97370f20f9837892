using System.Net;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>Calls of the board's API whose answer is looked at before it is believed.</summary>
internal sealed class BoardDialogue(BoardSession session)
{
    /// <summary>Reason of a refusal that is told in the board's own words.</summary>
    public const string Refused = "BOARD_REFUSED";

    private const string UnknownType = "Invalid `type` parameter";

    /// <summary>Null when this firmware does not know the call.</summary>
    public async Task<BoardReply?> AskAsync(BoardCall call, CancellationToken token)
    {
        var reply = await session.SendAsync(call, token);
        var isUnknown = reply.Status == HttpStatusCode.BadRequest
            && BoardAnswers.TryReadRefusal(reply.Body, out var text)
            && text.StartsWith(UnknownType, StringComparison.Ordinal);
        return isUnknown ? null : Answered(call.PathAndQuery, reply);
    }

    public async Task<BoardReply> DemandAsync(BoardCall call, CancellationToken token) => Answered(call.PathAndQuery, await session.SendAsync(call, token));

    /// <summary>A call whose only good answer is "ok".</summary>
    public async Task OrderAsync(BoardCall call, CancellationToken token) => CheckOk(call, await DemandAsync(call, token));

    /// <summary>The same, for what some firmware does not know.</summary>
    public async Task OrderAsync(BoardCall call, string what, CancellationToken token) => CheckOk(
        call, await AskAsync(call, token) ?? throw new BusyException(BoardFacts.FirmwareCannot, $"The board's firmware cannot {what}; newer firmware can."));

    public static BoardReply Answered(string path, BoardReply reply)
    {
        // Firmware 1 refuses with 200 and a code in the body.
        if (reply.Status == HttpStatusCode.OK)
        {
            return BoardAnswers.TryReadFault(reply.Body, out var code, out var fault)
                ? throw new BusyException(Refused, $"The board refuses {path} with {code}: {fault}")
                : reply;
        }

        if (reply.Status == HttpStatusCode.PermanentRedirect)
        {
            throw new UnreachableException("The board sends plain HTTP on to HTTPS, so it has firmware 2 or newer; set its address with https:// and the fingerprint of its certificate.");
        }

        var text = BoardAnswers.TryReadRefusal(reply.Body, out var refusal) ? refusal : reply.Text();
        throw new BusyException(Refused, $"The board refuses {path} with {(int)reply.Status}: {text}");
    }

    // Its web page answers for every path that is not the API's, with 200: the status alone says nothing.
    public static UnreachableException Unreadable(string path, BoardReply reply) => reply.MediaType == "text/html"
        ? new UnreachableException($"The board answers {path} with a web page; is the address that of the board's controller?")
        : new UnreachableException($"The board answers {path} with {reply.MediaType} that is no answer to it: {reply.Text()}");

    private static void CheckOk(BoardCall call, BoardReply reply)
    {
        if (!BoardAnswers.IsOk(reply.Body))
        {
            throw Unreadable(call.PathAndQuery, reply);
        }
    }
}
