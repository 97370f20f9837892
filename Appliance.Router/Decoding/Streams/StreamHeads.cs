namespace Appliance.Router.Decoding.Streams;

/// <summary>A bounded store of heads that are still being put together; when it is full the oldest gives way.</summary>
/// <remarks>Most beginnings come whole in one packet and never get here.</remarks>
internal sealed class StreamHeads(int capacity, int maxParts = StreamHead.UsualParts)
{
    private readonly Dictionary<long, StreamHead> _heads = new(capacity);
    private readonly Stack<StreamHead> _free = new(capacity);

    /// <summary>Heads that gave way before they were whole.</summary>
    public long LostCount { get; private set; }

    public int Count => _heads.Count;

    public StreamHead? Find(long key) => _heads.GetValueOrDefault(key);

    public StreamHead Take(long key, long time)
    {
        if (_heads.Count == capacity)
        {
            LostCount++;
            Release(Oldest());
        }

        var head = _free.Count > 0 ? _free.Pop() : new StreamHead(maxParts);
        head.Begin(time);
        _heads.Add(key, head);
        return head;
    }

    public void Release(long key)
    {
        if (_heads.Remove(key, out var head))
        {
            // Requests carry credentials.
            head.Wipe();
            _free.Push(head);
        }
    }

    private long Oldest()
    {
        var (oldest, time) = (0L, long.MaxValue);
        foreach (var (key, head) in _heads)
        {
            if (head.StartTime < time)
            {
                (oldest, time) = (key, head.StartTime);
            }
        }

        return oldest;
    }
}
