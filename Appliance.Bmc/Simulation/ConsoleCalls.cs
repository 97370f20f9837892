using System.Text;
using System.Text.Json.Nodes;

namespace Appliance.Bmc.Simulation;

/// <summary>The slots' serial ports.</summary>
internal sealed class ConsoleCalls(BoardHardware hardware, BoardProfile profile)
{
    public void Register(CallTable table)
    {
        table.OnGet("uart", Read);
        table.OnSet("uart", Write);
    }

    /// <summary>State of the four serial workers; here they always run.</summary>
    public static BoardAnswer Workers() =>
        BoardAnswer.Bare(new JsonArray([.. Enumerable.Repeat(0, BoardHardware.SlotCount).Select(_ => JsonValue.Create("Running"))]));

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

        // A terminal echoes what is typed, when there is one and it has power.
        if ((hardware.Rails & (1 << node)) != 0 && hardware.Module(node) != SimulatedModule.None)
        {
            hardware.Console(node).Write(Encoding.UTF8.GetBytes($"{command}\r\n"));
        }

        return BoardAnswer.Ok();
    }
}
