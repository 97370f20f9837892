using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Foreign changes that nobody has looked at yet, and the one who waits for them.</summary>
internal sealed class ChangeSignal(TimeProvider clock)
{
    // The names of a few are enough for whoever reads of them; the oldest made the first wrong.
    private const int MaxHeld = 8;

    private readonly Lock _turn = new();
    private readonly List<ForeignChange> _held = [];
    private TaskCompletionSource _told = NewSignal();
    private uint _applied;

    /// <summary>The generation that our last whole apply made, as far as has been heard.</summary>
    public uint Applied => Volatile.Read(ref _applied);

    /// <summary>Completes when there is one.</summary>
    public Task Told
    {
        get
        {
            lock (_turn)
            {
                return _told.Task;
            }
        }
    }

    public void TellApplied(uint generation) => Volatile.Write(ref _applied, generation);

    public void Tell(ForeignChange change)
    {
        lock (_turn)
        {
            if (_held.Count < MaxHeld)
            {
                _held.Add(change);
            }

            _told.TrySetResult();
        }
    }

    /// <summary>Waits until there is one, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken token)
    {
        Task told;
        lock (_turn)
        {
            told = _told.Task;
        }

        try
        {
            await told.WaitAsync(patience, clock, token);
        }
        catch (TimeoutException)
        {
            // Nobody did anything that was heard of; it is looked all the same.
        }
    }

    public IReadOnlyList<ForeignChange> Take()
    {
        lock (_turn)
        {
            ForeignChange[] taken = [.. _held];
            _held.Clear();
            if (_told.Task.IsCompleted)
            {
                _told = NewSignal();
            }

            return taken;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
