using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Writes a slot, again from zero where that may help, and leaves it clean where it does not.</summary>
internal sealed class SlotWriting(FlashJournal journal, SlotApproach approach, SlotWriter writer, SlotTidy tidy, BoardRest rest)
{
    /// <summary>Ends when the board has read back what was sent. Else throws, and the slot is off, or as before where nothing was written.</summary>
    /// <param name="slot">The slot in work.</param>
    /// <param name="image">What to write.</param>
    /// <param name="stops">Ends when the program does: nothing is tidied then, the next life of it goes on.</param>
    /// <param name="token">Ends when somebody cancels, too.</param>
    public async Task WriteAsync(SlotNumber slot, Image image, CancellationToken stops, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            UsbRoute? route = null;
            var wasTouched = Result(slot).Touched;
            try
            {
                var look = await approach.LookAsync(slot, Result(slot), token);
                journal.Change(flash => flash.With(look));
                await approach.CheckAsync(slot, image, token);
                await using var content = await OpenAsync(slot, image, token);
                route = await tidy.RouteAsync(token);
                journal.Change(flash => (flash with { WrittenBytes = 0, VerifiedBytes = 0, TotalBytes = image.Bytes })
                    .With(look with { Attempts = look.Attempts + 1 })
                    .At(FlashState.Writing));
                await writer.WriteAsync(new TransferOrder(slot, image.Id, image.Bytes, content.Sha256), look.Handle, content.Stream, new Progress(journal, slot, image.Bytes), token);
                return;
            }
            catch (Exception error) when (error is FlashFaultException or ApplianceException)
            {
                var fault = error as FlashFaultException ?? new FlashFaultException(FlashFault.Lost, error.Message);
                if (fault.Fault == FlashFault.NoDisk)
                {
                    // What had left was taken by nobody.
                    journal.Change(flash => flash.With(flash.Of(slot.Number) with { Touched = wasTouched }));
                }

                var text = await AfterAsync(slot, fault, route, token);
                if (fault.Fault == FlashFault.Refused || attempt >= rest.MaxAttempts)
                {
                    throw new FlashFaultException(fault.Fault, text);
                }

                var note = $"{text} It begins again from zero.";
                journal.Change(flash => flash.At(FlashState.Preparing) with { Note = note });
                await rest.RestAsync(token);
            }
            catch (OperationCanceledException) when (!stops.IsCancellationRequested)
            {
                await TidyAsync(slot, route, CancellationToken.None);
                throw;
            }
        }
    }

    private Task<SlotContent> OpenAsync(SlotNumber slot, Image image, CancellationToken token)
    {
        try
        {
            return approach.OpenAsync(image, journal.NodeFile(slot.Number), token);
        }
        catch (BusyException error)
        {
            throw new FlashFaultException(FlashFault.Refused, $"{error.Message} Nothing was sent.");
        }
    }

    private async Task<string> AfterAsync(SlotNumber slot, FlashFaultException fault, UsbRoute? route, CancellationToken token)
    {
        // Refused before the board had done anything.
        var left = await TidyAsync(slot, fault.Fault == FlashFault.Refused ? null : route, token);
        return left.Length == 0 ? fault.Message : $"{fault.Message} {left}";
    }

    private async Task<string> TidyAsync(SlotNumber slot, UsbRoute? route, CancellationToken token)
    {
        var result = Result(slot);
        if (route is null)
        {
            journal.Change(flash => flash.With(result with { Powered = result.Touched ? result.Powered : result.WasOn == true }));
            return "";
        }

        var on = !result.Touched && result.WasOn == true;
        var left = await tidy.TidyAsync(slot, route, on, token);
        journal.Change(flash => flash.With(flash.Of(slot.Number) with { Powered = on && left.Length == 0 }));
        return left;
    }

    private SlotFlash Result(SlotNumber slot) => journal.Active!.Of(slot.Number);

    /// <summary>Notes how far it is; that bytes leave is on disk before the first of them can be on the module.</summary>
    private sealed class Progress(FlashJournal journal, SlotNumber slot, long total) : IWriteProgress
    {
        public void Begins(uint handle) => journal.Change(flash => flash.With(flash.Of(slot.Number) with { Touched = true, Handle = handle }));

        public void Sent(long bytes) => journal.Progress(bytes, 0);

        public void AllSent() => journal.Change(flash => flash.At(FlashState.Verifying));

        public void Verified(long bytes) => journal.Progress(total, bytes);
    }
}
