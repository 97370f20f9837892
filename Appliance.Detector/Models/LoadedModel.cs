namespace Appliance.Detector.Models;

/// <summary>A model with its scorer, in use by any number of callers at once.</summary>
/// <remarks>The native session goes when the model is no longer the active one and its last batch is done.</remarks>
internal sealed class LoadedModel(StoredModel stored, IWindowScorer scorer) : IDisposable
{
    // One is the holder's own.
    private int _users = 1;

    public StoredModel Stored { get; } = stored;

    public Autoencoder Network => Stored.Network;

    public IWindowScorer Scorer { get; } = scorer;

    /// <summary>True when its scorer is gone.</summary>
    public bool IsClosed => Volatile.Read(ref _users) == 0;

    /// <summary>False when it is gone already; whoever gets true disposes it once.</summary>
    public bool TryUse()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends one use.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0 && Scorer is IDisposable native)
        {
            native.Dispose();
        }
    }
}
