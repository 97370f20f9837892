namespace Appliance.Bmc.Board;

/// <summary>The right to speak to the board until it is disposed; an upload can be broken off from elsewhere.</summary>
internal sealed class BoardTurn(Action<BoardTurn> leave, uint? handle, CancellationToken token) : IDisposable
{
    private readonly CancellationTokenSource _abort = CancellationTokenSource.CreateLinkedTokenSource(token);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _aborted;

    /// <summary>Of the upload that has the turn; null for a plain call.</summary>
    public uint? Handle => handle;

    public CancellationToken Token => _abort.Token;

    /// <summary>True when somebody else than its caller ended it.</summary>
    public bool Aborted => _aborted;

    /// <summary>Ends it; the task ends when its holder has let go.</summary>
    public Task AbortAsync()
    {
        _aborted = true;
        try
        {
            _abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself just now.
        }

        return _ended.Task;
    }

    public void Dispose()
    {
        leave(this);
        _abort.Dispose();
        _ended.TrySetResult();
    }
}
