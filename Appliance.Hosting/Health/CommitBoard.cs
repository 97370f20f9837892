namespace Appliance.Hosting.Health;

/// <summary>What the node is told to show of a change that awaits its confirmation.</summary>
public sealed class CommitBoard
{
    private PendingCommit? _pending;

    /// <summary>Null when nothing is pending.</summary>
    public PendingCommit? Pending
    {
        get => Volatile.Read(ref _pending);
        set => Volatile.Write(ref _pending, value);
    }
}
