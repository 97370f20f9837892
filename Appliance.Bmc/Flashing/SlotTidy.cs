using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Brings a slot out of a flash that failed: daemons clean up only behind some failures, and not at all when they end.</summary>
internal sealed class SlotTidy(PatientBoard board, PowerSwitch power)
{
    // As boards come from the factory.
    private static readonly UsbRoute Factory = new(SlotNumber.All[0], UsbMode.Device, ToBmc: false);

    /// <summary>The route to go back to afterwards: what is set now, unless that is left of another flash.</summary>
    public async Task<UsbRoute> RouteAsync(CancellationToken token)
    {
        var route = await board.AskAsync((asked, each) => asked.GetUsbAsync(each), token);
        return route.Mode == UsbMode.Flash ? Factory : route;
    }

    /// <summary>Off, out of flash mode, USB as it was, and on again if so wanted. Returns what could not be done, or nothing.</summary>
    public async Task<string> TidyAsync(SlotNumber slot, UsbRoute route, bool on, CancellationToken token)
    {
        List<string> faults = [];
        await TryAsync(faults, "powered off", board.OrderAsync((_, each) => power.SetAsync(slot, false, each), token));
        await TryAsync(faults, "taken out of boot mode", board.OrderAsync((asked, each) => asked.ClearUsbBootAsync(each), token));
        await TryAsync(faults, "given its USB route back", board.OrderAsync((asked, each) => asked.SetUsbAsync(route, each), token));
        if (on && faults.Count == 0)
        {
            await TryAsync(faults, "powered on again", board.OrderAsync((_, each) => power.SetAsync(slot, true, each), token));
        }

        return string.Join(' ', faults);
    }

    private static async Task TryAsync(List<string> faults, string what, Task order)
    {
        try
        {
            await order;
        }
        catch (Exception error) when (error is ApplianceException)
        {
            faults.Add($"The slot could not be {what}: {error.Message}");
        }
    }
}
