using System.Text.Json;

namespace Appliance.Bmc.Board;

/// <summary>Reads what the board says of USB, fans and consoles.</summary>
internal static class PortAnswers
{
    // 16 KiB in the board; more is no console of this firmware.
    private const int ConsoleLimit = 64 * 1024;

    /// <summary>Words from firmware 2, bare numbers from firmware 1.</summary>
    public static bool TryReadUsb(ReadOnlyMemory<byte> body, out UsbRoute? route)
    {
        UsbRoute? read = null;
        var found = BoardJson.TryParse(body, root =>
            BoardJson.TryResult(root, out var result) && BoardJson.TryObject(result, out var usb) && (read = Usb(usb)) is not null);
        route = found ? read : null;
        return found;
    }

    public static bool TryReadFans(ReadOnlyMemory<byte> body, out IReadOnlyList<Fan> fans)
    {
        List<Fan> read = [];
        var found = BoardJson.TryParse(body, root =>
        {
            if (!BoardJson.TryResult(root, out var result) || result.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            read.AddRange(result.EnumerateArray().Select(Fan).OfType<Fan>());
            return true;
        });
        fans = found ? read : [];
        return found;
    }

    /// <summary>What a console printed, as it is: nothing is trimmed.</summary>
    public static bool TryReadConsole(ReadOnlyMemory<byte> body, out string text)
    {
        var read = "";
        var found = BoardJson.TryParse(body, root =>
        {
            if (!BoardJson.TryResult(root, out var result)
                || result.ValueKind != JsonValueKind.Object
                || !result.TryGetProperty("uart", out var uart)
                || uart.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            read = uart.GetString()!;
            return true;
        });
        text = !found ? "" : read.Length > ConsoleLimit ? read[^ConsoleLimit..] : read;
        return found;
    }

    private static UsbRoute? Usb(JsonElement usb)
    {
        UsbMode? mode = BoardJson.Text(usb, "mode") switch
        {
            "Host" or "0" => UsbMode.Host,
            "Device" or "1" => UsbMode.Device,
            "Flash" => UsbMode.Flash,
            _ => null,
        };
        return mode is { } known && Node(usb) is { } slot ? new UsbRoute(slot, known, BoardJson.Text(usb, "route") == "Bmc") : null;
    }

    /// <summary>"Node 1", in 2.0.0 and 2.0.1 "Node1"; firmware 1 counts from 0.</summary>
    private static SlotNumber? Node(JsonElement usb)
    {
        if (!usb.TryGetProperty("node", out var node))
        {
            return null;
        }

        var text = BoardJson.Text(usb, "node");
        var index = node.ValueKind == JsonValueKind.Number
            ? BoardJson.Number(usb, "node")
            : text.StartsWith("Node", StringComparison.Ordinal) && int.TryParse(text.AsSpan(4).Trim(), out var number) ? number - SlotNumber.First : null;
        return index is >= 0 and < SlotNumber.Last ? SlotNumber.All[(int)index.Value] : null;
    }

    private static Fan? Fan(JsonElement item) =>
        BoardJson.Text(item, "device") is { Length: > 0 } device
        && BoardJson.Number(item, "speed") is >= 0 and <= int.MaxValue and var speed
        && BoardJson.Number(item, "max_speed") is > 0 and <= int.MaxValue and var most
            ? new Fan(device, (int)speed, (int)most)
            : null;
}
