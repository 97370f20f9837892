using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Where flashes are ordered, by people and by recovery alike.</summary>
internal sealed class FlashDesk(FlashJournal journal, ImageLibrary library, FlashChecks checks, FlashRun run, FlashResume slots) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The flash that is not done; null when there is none.</summary>
    public Flash? Active => journal.Active;

    /// <summary>The image that the slot was last proven to run; null when none was.</summary>
    public LastGoodImage? LastGood(SlotNumber slot) => journal.LastGood(slot.Number);

    /// <summary>With which the slot became the node that it was last proven to be; null where none is kept.</summary>
    public NodeFileContent? UsedNodeFile(SlotNumber slot) => journal.UsedNodeFile(slot.Number);

    /// <summary>By its id, and the newest for an empty one.</summary>
    public Flash Find(string id) => journal.Find(id);

    /// <summary>The job as it is, then every change until it has ended.</summary>
    public IAsyncEnumerable<Flash> WatchAsync(string id, CancellationToken token) => journal.WatchAsync(id, token);

    /// <summary>Accepts a job, which then goes on by itself; throws what keeps it from being begun.</summary>
    public async Task<Flash> StartAsync(FlashOrder order, string caller, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            return journal.OfRequest(order.RequestId) is { } first ? Repeated(first, order) : await AcceptAsync(order, caller, token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends a job; returns when its slot is in the state that it is left in.</summary>
    public async Task<Flash> CancelAsync(string id, CancellationToken token)
    {
        var flash = journal.Find(id);
        if (!flash.HasEnded)
        {
            await AskToEndAsync(flash.Id, token);
            await foreach (var change in journal.WatchAsync(flash.Id, token))
            {
                flash = change;
            }
        }

        return flash.State == FlashState.Cancelled
            ? flash
            : throw new BusyException("FLASH_ENDED", $"Flash {flash.Id} has ended already: {flash.State}.");
    }

    public void Dispose() => _turn.Dispose();

    // In turn with those who start one: a job that is accepted but not yet begun would not hear of it.
    private async Task AskToEndAsync(string id, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            if (journal.Active?.Id == id)
            {
                run.Cancel();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private static Flash Repeated(Flash first, FlashOrder order) =>
        first.ImageId == order.ImageId && first.Results.Select(result => result.Number).SequenceEqual(order.Slots.Select(slot => slot.Number))
            ? first
            : throw new InvalidInputException("request_id", $"'{order.RequestId}' was used for flash {first.Id}, of another image or other slots; take a new one");

    /// <summary>Throws when the image has no place for a node file; whether one can be read again is seen when it is written.</summary>
    private async Task CheckNodeFilesAsync(FlashOrder order, Image image, CancellationToken token)
    {
        if (order.NodeFiles.Count == 0)
        {
            return;
        }

        try
        {
            await using var raw = library.OpenRaw(image);
            await NodeFileOverlay.FindAsync(raw, token);
        }
        catch (Exception error) when (error is not (OperationCanceledException or ApplianceException))
        {
            // What a decoder throws has many types.
            throw new BusyException("IMAGE_DAMAGED", $"Image {image.Id} ({image.FileName}) cannot be read: {error.Message} Upload it again.");
        }
    }

    private async Task<Flash> AcceptAsync(FlashOrder order, string caller, CancellationToken token)
    {
        var image = library.Find(order.ImageId);
        FlashChecks.CheckOrder(order, image);
        await CheckNodeFilesAsync(order, image, token);
        foreach (var slot in order.Slots)
        {
            checks.CheckModule(slot, image);
        }

        journal.CheckIdle();
        await checks.CheckHubAsync(order.Slots[0], token);
        var hold = slots.Take(order, caller);
        try
        {
            var flash = journal.Add(order, caller, image.Bytes);
            slots.TellNodeFiles(flash);
            run.Begin(hold);
            return flash;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }
}
