using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Flashing;

/// <summary>One attempt to write an image to a slot: begin, send, and follow the board until it has read back all.</summary>
internal sealed class SlotWriter(IBoard board, PatientBoard patient, SlotMarks marks, IOptions<FlashOptions> options, TimeProvider clock)
{
    // The board has that much on its way to the module at most (16 chunks of 32 KiB, bmcd streaming_data_service.rs).
    private const long BufferedBytes = 16 * 32 * 1024;

    // It gives an upload that has not begun 10 s (bmcd streaming_data_service.rs).
    private static readonly TimeSpan WordsTime = TimeSpan.FromSeconds(12);

    // Cancelling is what is done when the caller wants no more; it must not hang on a dead board.
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(30);

    /// <summary>Ends when the board says that what it read back is what was sent; else throws a <see cref="FlashFaultException"/>.</summary>
    /// <param name="order">What to write.</param>
    /// <param name="ours">A transfer of ours that may still run, begun by an earlier life of this program.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="token">Ends it; the board is told then.</param>
    public async Task WriteAsync(TransferOrder order, uint? ours, Stream content, IWriteProgress progress, CancellationToken token)
    {
        var handle = await BeginAsync(order, ours, token);
        try
        {
            var sent = new SentBytes(progress);
            progress.Begins(handle);
            await SendAsync(handle, order, content, sent, token);
            progress.AllSent();
            await FollowAsync(handle, order, sent.Last, progress, token);
            marks.NoteRefusal(order.Slot, "");
        }
        catch (FlashFaultException fault) when (fault.Fault == FlashFault.NoDisk)
        {
            // All that a board ever tells of what is in a slot.
            marks.NoteRefusal(order.Slot, fault.Message);
            throw;
        }
        catch (Exception error) when (error is OperationCanceledException or FlashFaultException)
        {
            // Where the board works on it still; an upload that broke off before its first byte keeps some firmware waiting for ever.
            await CancelAsync(handle);
            throw;
        }
    }

    private async Task<uint> BeginAsync(TransferOrder order, uint? ours, CancellationToken token)
    {
        try
        {
            await EndOldAsync(ours, token);
            return await board.BeginTransferAsync(order, token);
        }
        catch (BusyException error) when (error.Reason is not "OUTCOME_UNKNOWN")
        {
            throw new FlashFaultException(FlashFault.Refused, error.Message);
        }
        catch (ApplianceException error)
        {
            throw new FlashFaultException(FlashFault.Lost, $"The board could not be asked to take the image: {error.Message}");
        }
    }

    /// <summary>A begin silently cancels what runs. Ours, of an earlier life, is ended; one that others have begun is waited for, and else left alone.</summary>
    private async Task EndOldAsync(uint? ours, CancellationToken token)
    {
        var begun = clock.GetTimestamp();
        while (await patient.AskAsync((asked, each) => asked.GetTransferAsync(each), token) is { Phase: TransferPhase.Transferring } old)
        {
            if (ours is { } handle && (old.Handle is null || old.Handle == handle))
            {
                await board.CancelTransferAsync(handle, token);
            }
            else if (clock.GetElapsedTime(begun) > options.Value.StallTime)
            {
                throw new BusyException("TRANSFER_OF_OTHERS", $"The board works on a transfer that was not begun here ({old.WrittenBytes} of {old.Size} bytes); wait for it, or cancel it where it was begun. Nothing was sent.");
            }

            await patient.PauseAsync(token);
        }
    }

    /// <summary>What goes wrong here shows in the transfer's state, which is asked next.</summary>
    private async Task SendAsync(uint handle, TransferOrder order, Stream content, SentBytes sent, CancellationToken token)
    {
        using var occupation = marks.Occupy($"Takes an image for slot {order.Slot}.");
        try
        {
            await board.UploadAsync(handle, order, content, sent, token);
        }
        catch (BusyException error) when (error.Reason is "IMAGE_UNREADABLE" or "IMAGE_CHANGED")
        {
            throw new FlashFaultException(FlashFault.Other, error.Message);
        }
        catch (ApplianceException) when (!token.IsCancellationRequested)
        {
            // The board's own words for it are better than those for a broken connection.
        }
        catch (Exception error) when (error is not (ApplianceException or OperationCanceledException))
        {
            // What a decoder throws has many types.
            throw new FlashFaultException(FlashFault.Other, $"The image cannot be read on: {error.Message}");
        }
    }

    private async Task FollowAsync(uint handle, TransferOrder order, long sent, IWriteProgress progress, CancellationToken token)
    {
        var last = -1L;
        var readsBack = false;
        var moved = clock.GetTimestamp();

        // A board that lacks bytes gets no more of them, and is only asked for its words.
        var patience = sent == order.Length || options.Value.StallTime < WordsTime ? options.Value.StallTime : WordsTime;
        while (true)
        {
            var status = await StatusAsync(sent, order, token);
            switch (status.Phase)
            {
                case TransferPhase.Done when sent == order.Length:
                    progress.Verified(order.Length);
                    return;
                case TransferPhase.Failed:
                    throw TransferFailure.Of(status.Failure, order.Slot.Number, sent, order.Length);
                case TransferPhase.Transferring when status.Handle is null || status.Handle == handle:
                    break;
                default:
                    throw new FlashFaultException(FlashFault.Lost, $"The board has forgotten the transfer after {sent} of {order.Length} bytes: its daemon was restarted, or somebody else began another.");
            }

            // It counts what is written, and then from 0 what is read back; old firmware stays at the end meanwhile.
            readsBack |= status.WrittenBytes < last || (last < 0 && status.WrittenBytes < sent - BufferedBytes);
            progress.Verified(readsBack ? Math.Min(status.WrittenBytes, order.Length) : 0);
            if (status.WrittenBytes != last)
            {
                (last, moved) = (status.WrittenBytes, clock.GetTimestamp());
            }
            else if (clock.GetElapsedTime(moved) > patience)
            {
                throw new FlashFaultException(FlashFault.Lost, $"The board has not got on for {patience} after {sent} of {order.Length} bytes.");
            }

            await Task.Delay(options.Value.PollInterval, clock, token);
        }
    }

    private async Task<TransferStatus> StatusAsync(long sent, TransferOrder order, CancellationToken token)
    {
        try
        {
            return await patient.AskAsync((asked, each) => asked.GetTransferAsync(each), token);
        }
        catch (ApplianceException error)
        {
            throw new FlashFaultException(FlashFault.Lost, $"The board does not answer after {sent} of {order.Length} bytes: {error.Message}");
        }
    }

    private async Task CancelAsync(uint handle)
    {
        using var limit = new CancellationTokenSource(CancelTime, clock);
        try
        {
            await board.CancelTransferAsync(handle, limit.Token);
        }
        catch (Exception error) when (error is ApplianceException or OperationCanceledException)
        {
            // Whoever cleans up next asks the board again, and tells what it could not do.
        }
    }

    /// <summary>Passes on what has left, at once and in order: a Progress of the framework would do it later on other threads.</summary>
    private sealed class SentBytes(IWriteProgress progress) : IProgress<long>
    {
        public long Last { get; private set; }

        public void Report(long value)
        {
            Last = value;
            progress.Sent(value);
        }
    }
}
