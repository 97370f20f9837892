using System.Threading.Channels;
using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules;

/// <summary>The standing blocks in memory, by id and by what they are aimed at, and those who watch them.</summary>
internal sealed class BlockBook
{
    // A watcher that is 4096 changes behind is not reading; cutting it off lets it start again from a snapshot.
    private const int MaxPending = 4096;

    private readonly Lock _turn = new();
    private readonly SortedDictionary<string, Block> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<BlockKey, Block> _byKey = [];
    private readonly HashSet<BlockWatch> _watches = [];

    public int Count
    {
        get
        {
            lock (_turn)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>All standing blocks, oldest first.</summary>
    public IReadOnlyList<Block> All
    {
        get
        {
            lock (_turn)
            {
                return [.. _byId.Values];
            }
        }
    }

    public DateTimeOffset? EarliestExpiry
    {
        get
        {
            lock (_turn)
            {
                return _byId.Count == 0 ? null : _byId.Values.Min(block => block.ExpireTime);
            }
        }
    }

    public Block? Find(string id)
    {
        lock (_turn)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public Block? Find(BlockKey key)
    {
        lock (_turn)
        {
            return _byKey.GetValueOrDefault(key);
        }
    }

    public void Put(IReadOnlyList<Block> blocks)
    {
        lock (_turn)
        {
            foreach (var block in blocks)
            {
                _byId[block.Id] = block;
                _byKey[block.Key] = block;
                Tell(new BlockChange(block, null));
            }
        }
    }

    public void Remove(IReadOnlyList<Block> blocks, EndCause cause)
    {
        lock (_turn)
        {
            foreach (var block in blocks)
            {
                _byId.Remove(block.Id);
                _byKey.Remove(block.Key);
                Tell(new BlockChange(block, cause));
            }
        }
    }

    public BlockWatch Watch()
    {
        lock (_turn)
        {
            var queue = Channel.CreateBounded<BlockChange>(new BoundedChannelOptions(MaxPending) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
            var watch = new BlockWatch([.. _byId.Values], queue, Leave);
            _watches.Add(watch);
            return watch;
        }
    }

    private void Leave(BlockWatch watch)
    {
        lock (_turn)
        {
            _watches.Remove(watch);
        }
    }

    private void Tell(BlockChange change)
    {
        foreach (var watch in _watches.Where(watch => !watch.Queue.Writer.TryWrite(change)).ToList())
        {
            watch.Queue.Writer.TryComplete(new LimitExceededException("SLOW_READER", $"More than {MaxPending} changes were waiting to be read; watch again from a snapshot."));
            _watches.Remove(watch);
        }
    }
}
