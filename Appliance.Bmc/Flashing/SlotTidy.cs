using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Brings a slot out of a flash that failed: daemons clean up only behind some failures, and not at all when they end.</summary>
internal sealed class SlotTidy(PatientBoard board, PowerSwitch power)
{
    private const int MostTries = 3;

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
        var faults = await OrderAsync(slot, route, on, token);

        // A daemon that ends soon after forgets what it was told within the last 3 s, and its next life acts on that.
        for (var tries = 1; faults.Count == 0 && tries < MostTries && !await IsAsync(slot, on, token); tries++)
        {
            faults = await OrderAsync(slot, route, on, token);
        }

        return string.Join(' ', faults);
    }

    private async Task<List<string>> OrderAsync(SlotNumber slot, UsbRoute route, bool on, CancellationToken token)
    {
        List<string> faults = [];
        await TryAsync(faults, "powered off", board.OrderAsync((_, each) => power.SetAsync(slot, false, each), token));
        await TryAsync(faults, "taken out of boot mode", board.OrderAsync((asked, each) => asked.ClearUsbBootAsync(each), token));
        await TryAsync(faults, "given its USB route back", board.OrderAsync((asked, each) => asked.SetUsbAsync(route, each), token));
        if (on && faults.Count == 0)
        {
            await TryAsync(faults, "powered on again", board.OrderAsync((_, each) => power.SetAsync(slot, true, each), token));
        }

        return faults;
    }

    private async Task<bool> IsAsync(SlotNumber slot, bool on, CancellationToken token)
    {
        await board.PauseAsync(token);
        try
        {
            return (await board.AskAsync((asked, each) => asked.GetPowerAsync(each), token))[slot] != !on;
        }
        catch (ApplianceException)
        {
            return false;
        }
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
