using System.Globalization;
using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>The grammar of firmware up to 1.1.0: numbers in place of strings, `response[0]` itself, faults inside 200.</summary>
internal sealed class FirstCalls(BoardHardware hardware, BoardProfile profile, FlashMode flashMode, Action<Interruption> interrupt)
{
    private const string Ok = """{"response":[{"result":"ok"}]}""";
    private const string NoCard = """{"response":[{"result":"err:no sdcard"}]}""";

    /// <summary>The body, or null where the program never ends its answer.</summary>
    public async ValueTask<string?> AnswerAsync(BoardQuery query, CancellationToken token)
    {
        if (query["opt"] is not { } opt || query["type"] is not { } type)
        {
            return Fault(400, "opt type error");
        }

        // strcasecmp, unlike everything after it.
        type = type.ToLowerInvariant();
        return opt.ToLowerInvariant() switch
        {
            "get" => Get(type, query),
            "set" => await SetAsync(type, query, token),
            _ => Fault(401, "opt error"),
        };
    }

    private string? Get(string type, BoardQuery query) => type switch
    {
        "power" => PerSlot(node => (hardware.Stored().Power >> node) & 1),
        "nodeinfo" => PerSlot(ModuleName),
        "usb" => Print([("mode", (int)hardware.Stored().Usb.Role), ("node", hardware.Stored().Usb.Node)]),
        // MiB of the card, 0 without one.
        "sdcard" => Print([("total", hardware.SdCardBytes >> 20), ("free", hardware.SdCardBytes >> 20), ("use", 0)]),
        "other" => Print([.. profile.Other.Select(entry => (entry.Key, (object)entry.Value))]),
        "uart" => Print([("uart", Encoding.UTF8.GetString(hardware.Console(Slot(query)).Read(profile.ConsoleReadConsumes)))]),
        _ => null,
    };

    private async ValueTask<string> SetAsync(string type, BoardQuery query, CancellationToken token)
    {
        switch (type)
        {
            case "power":
                await SetPowerAsync(query, token);
                return Ok;
            case "reset":
                await hardware.ResetAsync(Slot(query), token);
                return Ok;
            case "usb":
                return SetUsb(query);
            case "uart":
                hardware.Type(Slot(query), query["cmd"] ?? "");
                return Ok;
            case "network" when query["cmd"] == "reset":
                interrupt(Interruption.NetworkReset);
                return Ok;
            case "clear_usb_boot":
                // The program writes its answer in the call and then once more after it.
                hardware.SetBootPins(0, BoardHardware.AllSlots);
                return Ok + Ok;
            case "node_to_msd":
                await flashMode.EnterAsync(Slot(query), token);
                return Ok;
            case "flash" when query["node"] is null:
                return Fault(400, "No node specified");
            case "flash" or "firmware":
                return NoCard;
            default:
                return Ok;
        }
    }

    private async ValueTask SetPowerAsync(BoardQuery query, CancellationToken token)
    {
        for (var node = 0; node < BoardHardware.SlotCount; node++)
        {
            var bit = (byte)(1 << node);
            if (query[$"node{node + 1}"] is { } value && (Number(value) != 0) != ((hardware.Stored().Power & bit) != 0))
            {
                await hardware.ActivateAsync(Number(value) != 0 ? bit : (byte)0, bit, token);
            }
        }
    }

    private string SetUsb(BoardQuery query)
    {
        if (query["mode"] is not { } mode || query["node"] is null)
        {
            return Fault(400, "mode or node is null");
        }

        var setting = new UsbSetting(Slot(query), Number(mode) == 0 ? UsbRole.Host : UsbRole.Device, ToBmc: false);
        if (query["boot_pin"] is { } pin)
        {
            var bit = (byte)(1 << setting.Node);
            hardware.SetBootPins(Number(pin) != 0 ? bit : (byte)0, bit);
        }

        hardware.RouteUsb(setting);
        hardware.Change(record => record with { Usb = setting });
        return Ok;
    }

    /// <summary>What it guesses from the text that a module has put on its console.</summary>
    private object ModuleName(int node) => (hardware.HasBooted(node), hardware.Module(node)) switch
    {
        (true, SimulatedModule.Cm4 or SimulatedModule.Cm4Lite) => "[raspberry pi]",
        (true, SimulatedModule.Jetson) => "[jetson]-nano",
        _ => "unknown",
    };

    /// <summary>`node`, 0 where it is missing or no number, and never outside the board.</summary>
    private static int Slot(BoardQuery query) => Math.Clamp(Number(query["node"] ?? ""), 0, BoardHardware.SlotCount - 1);

    /// <summary>As atoi reads it: 0 for what is no number.</summary>
    private static int Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static string PerSlot(Func<int, object> value) =>
        Print([.. Enumerable.Range(0, BoardHardware.SlotCount).Select(node => ($"node{node + 1}", value(node)))]);

    private static string Fault(int code, string text) => Print([("code", code), ("result", text)]);

    /// <summary>One object as cJSON prints it inside `response`: a tab for each level, and one after each colon.</summary>
    private static string Print((string Name, object Value)[] fields) =>
        "{\n\t\"response\":\t[{\n"
        + string.Join(",\n", fields.Select(field => string.Create(
            CultureInfo.InvariantCulture,
            $"\t\t\t\"{field.Name}\":\t{(field.Value is string text ? BoardAnswer.Quote(text) : field.Value)}")))
        + "\n\t\t}]\n}";
}
