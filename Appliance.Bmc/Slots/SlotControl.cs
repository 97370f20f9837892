using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Carries out orders for slots. What the board then says is its intention, not proof that a node runs.</summary>
internal sealed partial class SlotControl(SlotGuard guard, NodeShutdown shutdown, PowerSwitch power, SlotMonitor monitor, ILogger<SlotControl> logger)
{
    /// <summary>Switches on; nothing happens to a slot that is on.</summary>
    public async Task<Slot> PowerOnAsync(SlotOrder order, CancellationToken token)
    {
        using var lease = guard.Enter(order, "power on");
        await power.SetAsync(order.Slot, true, token);
        LogSwitched(order.Slot.Number, "on", order.Caller);
        return await ConfirmAsync(order.Slot, true, token);
    }

    /// <summary>Cuts the power once the node has shut down, or did not in its time. From then on it goes on without its caller: a node that is down and powered is in nobody's interest.</summary>
    public async Task<Slot> PowerOffAsync(SlotOrder order, CancellationToken token)
    {
        using var lease = guard.EnterToCut(order, "power off");
        await shutdown.QuietAsync(order, token);
        await power.SetAsync(order.Slot, false, CancellationToken.None);
        LogSwitched(order.Slot.Number, "off", order.Caller);
        return await ConfirmAsync(order.Slot, false, CancellationToken.None);
    }

    /// <summary>Resets a slot that is on, once its node has shut down; one that is off is left alone.</summary>
    public async Task<Slot> RestartAsync(SlotOrder order, CancellationToken token)
    {
        using var lease = guard.EnterToCut(order, "restart");
        await power.CheckOnAsync(order.Slot, token);
        await shutdown.QuietAsync(order, token);
        await power.ResetAsync(order.Slot, CancellationToken.None);
        LogRestarted(order.Slot.Number, order.Caller);
        return await SeeAsync(order.Slot, CancellationToken.None);
    }

    /// <summary>Cuts the power as power off does, waits and powers on.</summary>
    public async Task<Slot> CycleAsync(SlotOrder order, TimeSpan downTime, CancellationToken token)
    {
        using var lease = guard.EnterToCut(order, "power cycle");

        // A board that does not answer now must not leave the question whether the slot was cut.
        await monitor.RefreshAsync(token);
        await shutdown.QuietAsync(order, token);
        await power.CycleAsync(order.Slot, downTime);
        LogCycled(order.Slot.Number, order.Caller);
        return await ConfirmAsync(order.Slot, true, CancellationToken.None);
    }

    // An order that was carried out does not fail because the board says nothing afterwards: its caller would repeat it.
    private async Task<Slot> SeeAsync(SlotNumber slot, CancellationToken token) => (await monitor.ObserveAsync(token))[slot.Index];

    private async Task<Slot> ConfirmAsync(SlotNumber slot, bool on, CancellationToken token)
    {
        var seen = await SeeAsync(slot, token);
        return seen.Power != !on
            ? seen
            : throw new BusyException(
                "NOT_CONFIRMED",
                $"Slot {slot} was switched {(on ? "on" : "off")}, but the board says {(on ? "off" : "on")}; something else switches it too.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} was powered {Power} by {Caller}.")]
    private partial void LogSwitched(int slot, string power, string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} was restarted by {Caller}.")]
    private partial void LogRestarted(int slot, string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} was power-cycled by {Caller}.")]
    private partial void LogCycled(int slot, string caller);
}
