using System.Threading.Channels;
using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Hosting;

namespace Appliance.Bmc.Flashing;

/// <summary>Carries out the one flash that a board can have, slot by slot; after a restart it goes on with the one that was not done.</summary>
internal sealed class FlashRun(FlashJournal journal, ImageLibrary library, SlotFlasher flasher, BoardRest rest, FlashResume resume) : BackgroundService
{
    // One job at a time: the journal takes no second one.
    private readonly Channel<FlashHold> _begun = Channel.CreateBounded<FlashHold>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Lock _gate = new();
    private CancellationTokenSource _cancel = new();

    /// <summary>Starts the job that the journal has just taken.</summary>
    public void Begin(FlashHold hold)
    {
        lock (_gate)
        {
            _cancel = new CancellationTokenSource();
        }

        if (!_begun.Writer.TryWrite(hold))
        {
            throw new InvalidOperationException("Two flashes were begun at once.");
        }
    }

    /// <summary>Asks the job to end as soon as its slot is in a state that can be left.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _cancel.Cancel();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _cancel.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (journal.Active is not null)
            {
                using var hold = await resume.TakeUpAsync(stoppingToken);
                await RunAsync(hold, stoppingToken);
            }

            await foreach (var begun in _begun.Reader.ReadAllAsync(stoppingToken))
            {
                using (begun)
                {
                    await RunAsync(begun, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops; a flash that is not done goes on with its next life.
        }
    }

    private async Task RunAsync(FlashHold hold, CancellationToken stops)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stops, Cancelled());
        try
        {
            var image = library.Find(journal.Active!.ImageId);
            foreach (var slot in journal.Active.Results.Where(result => !result.HasEnded).Select(result => SlotNumber.All[result.Number - 1]).ToList())
            {
                if (!await TakeTurnAsync(slot, image, hold, stops, either.Token) && !journal.Active.ContinueAfterFailure)
                {
                    break;
                }
            }

            End(hold, cancelled: false, "");
        }
        catch (NotFoundException error)
        {
            End(hold, cancelled: false, error.Message);
        }
        catch (OperationCanceledException) when (!stops.IsCancellationRequested)
        {
            End(hold, cancelled: true, "");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The role has more to do than this.
            End(hold, cancelled: false, $"The flash ended by a fault of this program, look at slot {journal.Active!.Slot}: {error.Message}");
        }
    }

    // Whoever hears of the end may order the same slots at once.
    private void End(FlashHold hold, bool cancelled, string failure)
    {
        hold.Dispose();
        resume.End(cancelled, failure);
    }

    private async Task<bool> TakeTurnAsync(SlotNumber slot, Image image, FlashHold hold, CancellationToken stops, CancellationToken token)
    {
        if (journal.Active!.Results.Any(result => result.HasEnded))
        {
            await RestAsync(token);
        }

        token.ThrowIfCancellationRequested();
        journal.Change(flash => (flash with { Slot = slot.Number }).At(flash.Of(slot.Number).State));
        using var mark = hold.Mark(slot, $"Flash {journal.Active.Id} by {journal.Active.Caller} is at this slot, with image {image.Id} ({image.FileName}).");
        var succeeded = await flasher.FlashAsync(slot, image, stops, token);
        hold.Release(slot);
        return succeeded;
    }

    private async Task RestAsync(CancellationToken token)
    {
        try
        {
            journal.Change(flash => flash with { State = FlashState.Preparing });
            await rest.RestAsync(token);
        }
        catch (FlashFaultException)
        {
            // The next slot meets the same board, and tells it as its own failure.
        }
    }

    private CancellationToken Cancelled()
    {
        lock (_gate)
        {
            return _cancel.Token;
        }
    }
}
