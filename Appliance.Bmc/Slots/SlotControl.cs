using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Switches slots. What the board then says is its intention, not proof that a node runs.</summary>
internal sealed partial class SlotControl(IBoard board, SlotMonitor monitor, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<SlotControl> logger)
{
    private const int PowerOnTries = 3;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    private readonly SlotLeases _leases = new();

    /// <summary>Switches on; nothing happens to a slot that is on.</summary>
    public Task<Slot> PowerOnAsync(SlotNumber slot, string caller, CancellationToken token) => SwitchAsync(slot, true, caller, token);

    /// <summary>Cuts the power, without asking the node.</summary>
    public Task<Slot> PowerOffAsync(SlotNumber slot, string caller, CancellationToken token) => SwitchAsync(slot, false, caller, token);

    /// <summary>Resets a slot that is on; one that is off is left alone.</summary>
    public async Task<Slot> RestartAsync(SlotNumber slot, string caller, CancellationToken token)
    {
        using var lease = _leases.Take(slot, "restart", caller);
        if ((await board.GetPowerAsync(token))[slot] is not true)
        {
            // The board would power it for real and go on saying that it is off.
            throw new BusyException("SLOT_OFF", $"Slot {slot} is not on, so it cannot be restarted; power it on.");
        }

        await board.ResetAsync(slot, token);
        LogRestarted(slot.Number, caller);
        return await SeeAsync(slot, token);
    }

    /// <summary>Cuts the power, waits and powers on. Once cut it goes on whatever becomes of the caller, so no slot stays dark by it.</summary>
    public async Task<Slot> CycleAsync(SlotNumber slot, TimeSpan downTime, string caller, CancellationToken token)
    {
        using var lease = _leases.Take(slot, "power cycle", caller);

        // A board that does not answer now must not leave the question whether the slot was cut.
        await monitor.RefreshAsync(token);
        try
        {
            await board.SetPowerAsync(slot, false, CancellationToken.None);
            LogCut(slot.Number, downTime, caller);
            await StayDownAsync(downTime);
        }
        finally
        {
            await PowerOnAgainAsync(slot);
        }

        LogCycled(slot.Number, caller);
        return await ConfirmAsync(slot, true, CancellationToken.None);
    }

    private async Task<Slot> SwitchAsync(SlotNumber slot, bool on, string caller, CancellationToken token)
    {
        using var lease = _leases.Take(slot, on ? "power on" : "power off", caller);
        await board.SetPowerAsync(slot, on, token);
        LogSwitched(slot.Number, on ? "on" : "off", caller);
        return await ConfirmAsync(slot, on, token);
    }

    private async Task StayDownAsync(TimeSpan downTime)
    {
        try
        {
            await Task.Delay(downTime, clock, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            // The role stops: a short cycle is better than a slot left off.
        }
    }

    private async Task PowerOnAgainAsync(SlotNumber slot)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await board.SetPowerAsync(slot, true, CancellationToken.None);
                return;
            }
            catch (UnreachableException error) when (tries >= PowerOnTries || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                LogLeftOff(slot.Number, error.Message);
                throw new BusyException("SLOT_LEFT_OFF", $"Slot {slot} may be off: after the cut it could not be powered on again. {error.Message} Power it on.");
            }
            catch (UnreachableException)
            {
                await StayDownAsync(BetweenTries);
            }
        }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} was cut from power for {DownTime} by {Caller}.")]
    private partial void LogCut(int slot, TimeSpan downTime, string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} was power-cycled by {Caller}.")]
    private partial void LogCycled(int slot, string caller);

    [LoggerMessage(Level = LogLevel.Error, Message = "Slot {Slot} may be off after a power cycle: {Reason}")]
    private partial void LogLeftOff(int slot, string reason);
}
