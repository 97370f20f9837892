using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Switches rails, and remembers what was wanted. Whoever uses it holds the slot's lease.</summary>
internal sealed partial class PowerSwitch(IBoard board, DesiredPower desired, SlotMarks marks, SlotPauses pauses, ILogger<PowerSwitch> logger)
{
    private const int PowerOnTries = 3;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    /// <summary>Switches, and makes it what the slot is meant to be; nothing happens to a slot that is so already.</summary>
    public async Task SetAsync(SlotNumber slot, bool on, CancellationToken token)
    {
        desired.Set(slot, on);
        await board.SetPowerAsync(slot, on, token);
    }

    /// <summary>Resets a slot that is on; one that is off is left alone.</summary>
    public async Task ResetAsync(SlotNumber slot, CancellationToken token)
    {
        await board.ResetAsync(slot, token);
        marks.NoteStart(slot);
    }

    /// <summary>Throws for a slot that is off.</summary>
    public async Task CheckOnAsync(SlotNumber slot, CancellationToken token)
    {
        if ((await board.GetPowerAsync(token))[slot] is not true)
        {
            // The board would power it for real and go on saying that it is off.
            throw new BusyException("SLOT_OFF", $"Slot {slot} is not on, so it cannot be restarted; power it on.");
        }
    }

    /// <summary>Cuts the power, waits and powers on. Once cut it goes on whatever becomes of the caller, so no slot stays dark by it.</summary>
    public async Task CycleAsync(SlotNumber slot, TimeSpan downTime)
    {
        desired.Set(slot, true);
        try
        {
            await board.SetPowerAsync(slot, false, CancellationToken.None);
            LogCut(slot.Number, downTime);

            // The role stops: a short cycle is better than a slot left off.
            await pauses.PauseAsync(downTime);
        }
        finally
        {
            await PowerOnAgainAsync(slot);
        }

        marks.NoteStart(slot);
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
            catch (UnreachableException error) when (tries >= PowerOnTries || pauses.IsStopping)
            {
                LogLeftOff(slot.Number, error.Message);
                throw new BusyException("SLOT_LEFT_OFF", $"Slot {slot} may be off: after the cut it could not be powered on again. {error.Message} Power it on.");
            }
            catch (UnreachableException)
            {
                await pauses.PauseAsync(BetweenTries);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} is cut from power for {DownTime}.")]
    private partial void LogCut(int slot, TimeSpan downTime);

    [LoggerMessage(Level = LogLevel.Error, Message = "Slot {Slot} may be off after a power cycle: {Reason}")]
    private partial void LogLeftOff(int slot, string reason);
}
