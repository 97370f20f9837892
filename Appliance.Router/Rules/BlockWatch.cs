using System.Threading.Channels;

namespace Appliance.Router.Rules;

/// <summary>The blocks of one moment, and every change since; a reader that falls behind is cut off.</summary>
public sealed class BlockWatch : IDisposable
{
    private readonly Action<BlockWatch> _leave;

    internal BlockWatch(IReadOnlyList<Block> snapshot, Channel<BlockChange> changes, Action<BlockWatch> leave)
    {
        Snapshot = snapshot;
        Queue = changes;
        _leave = leave;
    }

    public IReadOnlyList<Block> Snapshot { get; }

    public ChannelReader<BlockChange> Changes => Queue.Reader;

    internal Channel<BlockChange> Queue { get; }

    public void Dispose() => _leave(this);
}
