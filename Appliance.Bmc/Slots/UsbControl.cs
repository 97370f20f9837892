using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Routes the board's one USB bus.</summary>
internal sealed partial class UsbControl(IBoard board, SlotMonitor monitor, SlotGuard guard, SlotMarks marks, ILogger<UsbControl> logger)
{
    // From this board on all slots hang on a hub as devices.
    private static readonly Version HubSince = new(2, 5);

    public async Task SelectAsync(UsbRoute route, SlotOrder order, CancellationToken token)
    {
        // A flash of any slot has the bus.
        if (SlotNumber.All.Where(slot => marks.Of(slot)?.State == SlotState.Flashing).ToList() is [var flashed, ..])
        {
            throw new BusyException("FLASH_IN_PROGRESS", $"Slot {flashed} is being flashed over the board's one USB bus. Try again when that is done.");
        }

        using var lease = guard.Enter(order, "USB route");
        if (route.Mode == UsbMode.Host && await HasHubAsync(token))
        {
            throw new BusyException("USB_HUB", "The slots of this board hang on a hub as devices, so none can be the host; boards before 2.5 can.");
        }

        await board.SetUsbAsync(route, token);
        LogRouted(route.Slot.Number, route.Mode, route.ToBmc ? "the controller" : "the USB-A port", order.Caller);
        var seen = await board.GetUsbAsync(token);
        if (seen != route)
        {
            throw new BusyException("NOT_CONFIRMED", $"USB was routed to slot {route.Slot} as {route.Mode}, but the board says slot {seen.Slot} as {seen.Mode}.");
        }
    }

    private async Task<bool> HasHubAsync(CancellationToken token)
    {
        if (monitor.Board.Facts is null)
        {
            await monitor.RefreshAsync(token);
        }

        return Version.TryParse(monitor.Board.Facts?.Revision.TrimStart('v'), out var revision) && revision >= HubSince;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "USB was routed to slot {Slot} as {Mode} by way of {Way} by {Caller}.")]
    private partial void LogRouted(int slot, UsbMode mode, string way, string caller);
}
