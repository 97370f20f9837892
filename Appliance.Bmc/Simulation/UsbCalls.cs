using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>The USB switch, the boot pins, and a slot's storage shown as a USB disk.</summary>
internal sealed class UsbCalls(BoardHardware hardware, BoardProfile profile, FlashMode flashMode)
{
    private const int NoSuchRole = 3;
    private const int RouteToBmc = 4;

    public void Register(CallTable table)
    {
        table.OnGet("usb", _ => GetUsb());
        table.OnSet("usb", SetUsb);
        table.OnGet("usb_node1", _ => BoardAnswer.Result(JsonValue.Create(hardware.Stored().AlternativePort)));
        table.OnSet("usb_node1", SetUsbOfNode1);
        table.OnSet("usb_boot", SetBootPin);
        table.OnSet("clear_usb_boot", _ =>
        {
            // Clears all four; the node that clients send is not looked at.
            hardware.SetBootPins(0, BoardHardware.AllSlots);
            return BoardAnswer.Ok();
        });
        table.OnSet("node_to_msd", ShowAsDiskAsync);
    }

    private BoardAnswer GetUsb()
    {
        var usb = hardware.Stored().Usb;
        var told = new JsonObject
        {
            ["mode"] = usb.Role.ToString(),
            ["node"] = $"Node {usb.Node + 1}",
            ["route"] = usb.ToBmc ? "Bmc" : profile.OtherUsbRoute,
        };
        if (profile.TellsUsbBus)
        {
            told["bus_type"] = profile.UsbHub ? "Usb hub" : "Single bus";
        }

        return BoardAnswer.Result(new JsonArray(told));
    }

    private BoardAnswer SetUsb(BoardQuery query)
    {
        if (!query.TryNode(out var node, out var refusal))
        {
            return refusal;
        }

        if (query["mode"] is not { } text)
        {
            return BoardAnswer.BadRequest("Missing `mode` parameter");
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mode))
        {
            return BoardAnswer.BadRequest("Parameter `mode` is not a number");
        }

        var role = mode & 3;
        if (role == NoSuchRole)
        {
            // An `unreachable!` in the daemon: the handler panics and the connection ends without an answer.
            throw new UnreachableException($"USB mode {mode}");
        }

        return Route(new UsbSetting(node, (UsbRole)role, (mode & RouteToBmc) != 0));
    }

    private BoardAnswer Route(UsbSetting setting)
    {
        if (profile.UsbHub && setting.Role == UsbRole.Host)
        {
            return BoardAnswer.Refusal(
                StatusCodes.Status500InternalServerError,
                "Failed to set USB mode: Selecting one of the nodes as USB Host role is not supported by the current hardware");
        }

        hardware.RouteUsb(setting);
        hardware.Change(record => record with { Usb = setting });
        return BoardAnswer.Ok();
    }

    private BoardAnswer SetUsbOfNode1(BoardQuery query)
    {
        if (!profile.UsbHub)
        {
            return BoardAnswer.Refusal(
                StatusCodes.Status500InternalServerError,
                "Failed to set USB route: This command is only available on v2.5+ boards");
        }

        hardware.Change(record => record with { AlternativePort = query.Has("alternative_port") });
        return BoardAnswer.Ok();
    }

    private BoardAnswer SetBootPin(BoardQuery query)
    {
        if (!query.TryNode(out var node, out var refusal))
        {
            return refusal;
        }

        var bit = (byte)(1 << node);
        hardware.SetBootPins(bit, bit);
        return BoardAnswer.Ok();
    }

    private async ValueTask<BoardAnswer> ShowAsDiskAsync(BoardQuery query, CancellationToken token)
    {
        if (!query.TryNode(out var node, out var refusal))
        {
            return refusal;
        }

        return await flashMode.EnterAsync(node, token) is not null
            ? BoardAnswer.Ok()
            : BoardAnswer.Refusal(
                StatusCodes.Status500InternalServerError,
                $"Failed to {FlashMode.NoDevice}: {FlashMode.NoDevice}");
    }
}
