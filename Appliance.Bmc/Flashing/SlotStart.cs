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
        ConsoleStart console;
        try
        {
            console = journal.Active!.State is FlashState.Proving or FlashState.Enrolling or FlashState.Starting
                ? await board.AskAsync((_, each) => proof.FindAsync(slot, journal.Active!.Of(slot.Number).ConsoleMark, each), token)
                : await PowerOnAsync(slot, token);
        }
        catch (ApplianceException error)
        {
            throw new FlashFaultException(FlashFault.Lost, $"Slot {slot} was written and read back, but could not be powered on: {error.Message} Power it on.");
        }

        var flash = journal.Active!;
        return await proof.WaitAsync(slot, new ProofSought(image, flash.ProofText, flash.Of(slot.Number)), console, stage => Note(slot, stage), token);
    }

    private void Note(SlotNumber slot, SlotStage stage) => journal.Change(flash => flash.With(flash.Of(slot.Number) with { Requests = stage.Requests }).At(stage.State) with
    {
        Note = stage.State == FlashState.Enrolling
            ? string.Join(' ', stage.Requests.Select(request => $"Slot {slot} waits for an admin, node {flash.Of(slot.Number).Node}: {request}. Compare the key with 'appliance pki requests', then run 'appliance pki approve {request.RequestId}'."))
            : $"Slot {slot} has its certificate, and its roles start.",
    });

    private async Task<ConsoleStart> PowerOnAsync(SlotNumber slot, CancellationToken token)
    {
        journal.Change(flash => flash.At(FlashState.Restarting));
        var console = await board.AskAsync((_, each) => proof.MarkAsync(slot, each), token);
        journal.Change(flash => flash.With(flash.Of(slot.Number) with { ConsoleMark = console.Mark }));
        await board.OrderAsync((_, each) => power.SetAsync(slot, true, each), token);
        marks.NoteStart(slot);
        journal.Change(flash => flash.With(flash.Of(slot.Number) with { Powered = true }).At(FlashState.Proving));
        return console;
    }
}
