using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>The slots' serial ports.</summary>
internal sealed class ConsoleCalls(BoardHardware hardware, BoardProfile profile)
{
    // Of the websocket in the daemon's serial_websocket.rs.
    private static readonly TimeSpan SocketTimeout = TimeSpan.FromSeconds(30);

    public void Register(CallTable table)
    {
        table.OnGet("uart", Read);
        table.OnSet("uart", Write);
    }

    /// <summary>State of the four serial workers; here they always run.</summary>
    public static BoardAnswer Workers() =>
        BoardAnswer.Bare(new JsonArray([.. Enumerable.Repeat(0, BoardHardware.SlotCount).Select(_ => JsonValue.Create("Running"))]));

    /// <summary>
    /// The daemon's route awaits the whole session before it answers 101 (serial_service.rs), so a client that waits for that before it
    /// speaks gets nothing until the session times out, and all others wait with it. Somebody has seen it work; nobody may rely on it.
    /// </summary>
    public async Task<BoardAnswer?> OpenSocketAsync(HttpRequest request, CancellationToken token)
    {
        if (!new BoardQuery(request.QueryString.Value).TryNode(out _, out var refusal))
        {
            return refusal;
        }

        if (!request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase))
        {
            return BoardAnswer.Empty(StatusCodes.Status400BadRequest);
        }

        await hardware.PauseAsync(SocketTimeout, token);
        return null;
    }

    private BoardAnswer Read(BoardQuery query)
    {
        if (!query.TryNode(out var node, out var refusal))
        {
            return refusal;
        }

        Encoding? encoding = query["encoding"] switch
        {
            null or "utf8" => Encoding.UTF8,
            "utf16" or "utf16le" => Encoding.Unicode,
            "utf16be" => Encoding.BigEndianUnicode,
            "utf32" or "utf32le" => Encoding.UTF32,
            "utf32be" => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            _ => null,
        };
        return encoding is null
            ? BoardAnswer.BadRequest("Invalid `encoding` parameter. Expected: utf8, utf16, utf16le, utf16be, utf32, utf32le, utf32be")
            : BoardAnswer.Console(encoding.GetString(hardware.Console(node).Read(profile.ConsoleReadConsumes)));
    }

    private BoardAnswer Write(BoardQuery query)
    {
        if (!query.TryNode(out var node, out var refusal))
        {
            return refusal;
        }

        if (query["cmd"] is not { } command)
        {
            return BoardAnswer.BadRequest("Missing `cmd` parameter");
        }

        hardware.Type(node, command);
        return BoardAnswer.Ok();
    }
}
