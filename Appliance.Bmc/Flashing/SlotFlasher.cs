using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Flashing;

/// <summary>Takes one slot of a flash from its turn to its result.</summary>
internal sealed class SlotFlasher(FlashJournal journal, SlotWriting writing, SlotStart start, FlashNews news, TimeProvider clock)
{
    /// <summary>False when the slot has failed; that is on record then. Throws only when it is cancelled or the program stops.</summary>
    public async Task<bool> FlashAsync(SlotNumber slot, Image image, CancellationToken stops, CancellationToken token)
    {
        try
        {
            if (!journal.Active!.Of(slot.Number).IsWritten)
            {
                await writing.WriteAsync(slot, image, stops, token);
            }

            var proof = await start.StartAsync(slot, image, token);
            Succeed(slot, image, proof);
            return true;
        }
        catch (FlashFaultException fault)
        {
            End(slot, FlashState.Failed, fault.Message, journal.Active!.Of(slot.Number).State);
            news.Tell(EventSeverity.Warning, $"Slot {slot} was not flashed with image {image.Id}: {fault.Message} It is {Power(slot)}.");
            return false;
        }
        catch (OperationCanceledException) when (!stops.IsCancellationRequested)
        {
            End(slot, FlashState.Cancelled, "");
            news.Tell(EventSeverity.Info, $"The flash of slot {slot} was cancelled; the slot is {Power(slot)}.");
            throw;
        }
    }

    private void Succeed(SlotNumber slot, Image image, string proof)
    {
        var now = clock.GetUtcNow();
        var flash = journal.Active!;
        journal.Change(
            changed => changed.With(changed.Of(slot.Number) with { State = FlashState.Succeeded, Proof = proof, EndTime = now }),
            new LastGoodImage(slot.Number, image.Id, image.Version, flash.Id, now, flash.ProofText) { Node = flash.Of(slot.Number).Node });
        news.Tell(EventSeverity.Info, $"Slot {slot} runs image {image.Id} ({image.FileName}). {proof}");
    }

    private void End(SlotNumber slot, FlashState state, string failure, FlashState? failedIn = null) => journal.Change(
        flash => flash.With(flash.Of(slot.Number) with { State = state, Failure = failure, FailedIn = failedIn, EndTime = clock.GetUtcNow() }));

    private string Power(SlotNumber slot) => journal.Active!.Of(slot.Number).Powered ? "on" : "off";
}
