using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Powers a written slot on, which the board leaves off, and waits for the proof that it runs the image.</summary>
internal sealed class SlotStart(PatientBoard board, BootProof proof, FlashJournal journal, PowerSwitch power, SlotMarks marks)
{
    /// <summary>What showed that it runs the image.</summary>
    public async Task<string> StartAsync(SlotNumber slot, Image image, CancellationToken token)
    {
        var console = new ConsoleTail(slot);
        try
        {
            // After a restart of this program the slot may be on already, and what its console printed then counts.
            if (journal.Active!.State != FlashState.Proving)
            {
                journal.Change(flash => flash.At(FlashState.Restarting));
                await board.OrderAsync(console.StartAsync, token);
                await board.OrderAsync((_, each) => power.SetAsync(slot, true, each), token);
                marks.NoteStart(slot);
                journal.Change(flash => flash.With(flash.Of(slot.Number) with { Powered = true }).At(FlashState.Proving));
            }
        }
        catch (ApplianceException error)
        {
            throw new FlashFaultException(FlashFault.Lost, $"Slot {slot} was written and read back, but could not be powered on: {error.Message} Power it on.");
        }

        var flash = journal.Active!;
        return await proof.WaitAsync(slot, image, flash.ProofText, flash.Of(slot.Number).NodeStart, console, token);
    }
}
