using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>
/// The line for the board, one request at a time. While an image goes up the board answers nothing else for minutes
/// (its log-in layer holds one lock over a whole call), so nobody is left standing in line then: they are told at once.
/// </summary>
internal sealed class BoardLine : IDisposable
{
    /// <summary>Reason of the refusal while an image goes up.</summary>
    public const string Uploading = "BOARD_UPLOADING";

    // Each may wait for a whole time limit, so a longer line would only hold answers that nobody waits for any more.
    private const int Longest = 32;

    private readonly SemaphoreSlim _turn = new(1);
    private CancellationTokenSource _uploading = new();
    private BoardTurn? _upload;
    private int _waiting;

    /// <summary>Waits for the turn of a plain call.</summary>
    public async Task<BoardTurn> EnterAsync(CancellationToken token)
    {
        if (Interlocked.Increment(ref _waiting) > Longest)
        {
            Interlocked.Decrement(ref _waiting);
            throw new LimitExceededException("BOARD_BUSY", $"{Longest} calls wait for the board already; try again in a moment.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, Volatile.Read(ref _uploading).Token);
        try
        {
            await _turn.WaitAsync(either.Token);
            return new BoardTurn(Leave, handle: null, token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new BusyException(Uploading, "The board takes an image now and answers nothing else until it has it; try again after the flash, or cancel it.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Waits for the turn of an upload, and sends away who stands in line behind it.</summary>
    public async Task<BoardTurn> EnterToUploadAsync(uint handle, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        var turn = new BoardTurn(Leave, handle, token);
        Volatile.Write(ref _upload, turn);
        await _uploading.CancelAsync();
        return turn;
    }

    /// <summary>Breaks off the upload with that handle and waits until it has ended; nothing happens when there is none.</summary>
    public Task AbortUploadAsync(uint handle, CancellationToken token) =>
        Volatile.Read(ref _upload) is { } running && running.Handle == handle ? running.AbortAsync().WaitAsync(token) : Task.CompletedTask;

    public void Dispose()
    {
        _turn.Dispose();
        _uploading.Dispose();
    }

    private void Leave(BoardTurn turn)
    {
        if (turn.Handle is not null)
        {
            Volatile.Write(ref _upload, null);

            // Not disposed: who asks right now may be about to link to it, and without a timer it holds nothing.
            Volatile.Write(ref _uploading, new CancellationTokenSource());
        }

        _turn.Release();
    }
}
