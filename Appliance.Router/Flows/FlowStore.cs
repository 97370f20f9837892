using System.Runtime.CompilerServices;
namespace Appliance.Router.Flows;

/// <summary>The places of the flow table: which are free, which hold what, and which is given up first.</summary>
internal sealed class FlowStore
{
    private const int Free = 0;
    private const int Young = 1;
    private const int Closed = 2;

    // Among established flows the one to go is the stalest of a few, as good as of all within a few per cent.
    private const int SampleCount = 16;

    // Places of flows seen lately, each where a cheap mix of its tuple says: most packets are found here without the real hash.
    // 8 KB, which the first-level cache has room for.
    private const int RecentCount = 2048;

    private readonly int[] _recent = new int[RecentCount];
    private readonly FlowEntry[] _entries;
    private readonly FlowIndex _index;
    private readonly FlowLists _queues;
    private int _used;
    private int _hand;

    public FlowStore(int capacity)
    {
        _entries = new FlowEntry[capacity];
        _index = new FlowIndex(_entries);
        _queues = new FlowLists(capacity, listCount: 3);
    }

    public int Count { get; private set; }

    public int Capacity => _entries.Length;

    public bool IsFull => Count == _entries.Length;

    /// <summary>One more than the last place ever used.</summary>
    public int Extent => _used;

    public ref FlowEntry this[int place] => ref _entries[place];

    /// <summary>Whether a flow is there at all.</summary>
    public bool Holds(int place) => _entries[place].Ordinal != 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(in FlowTuple tuple)
    {
        ref var recent = ref _recent[tuple.Mix & (RecentCount - 1)];
        if (_entries[recent].Matches(tuple) && Holds(recent))
        {
            return recent;
        }

        var place = _index.Find(tuple, _index.Hash(tuple));
        recent = Math.Max(place, 0);
        return place;
    }

    /// <summary>Takes a place for a new flow; there must be one.</summary>
    public int Take(in FlowTuple tuple)
    {
        var place = _queues.First(Free);
        if (place == FlowLists.None)
        {
            place = _used++;
        }

        _queues.TryRemove(place);
        _queues.Append(Young, place);
        ref var entry = ref _entries[place];
        entry = default;
        entry.Low = tuple.Low;
        entry.High = tuple.High;
        entry.LowPort = tuple.LowPort;
        entry.HighPort = tuple.HighPort;
        entry.Protocol = tuple.Protocol;
        entry.Marks = tuple.IsSourceLow ? EntryMarks.SourceIsLow : EntryMarks.None;
        _index.Add(_index.Hash(tuple), place);
        Count++;
        return place;
    }

    public void Release(int place)
    {
        ref var entry = ref _entries[place];
        _index.Remove(_index.Hash(entry.Tuple), place);
        entry.Ordinal = 0;
        _queues.TryRemove(place);
        _queues.Append(Free, place);
        Count--;
    }

    /// <summary>From now on the flow is among the last to be given up.</summary>
    public void MarkEstablished(int place)
    {
        _entries[place].Marks |= EntryMarks.Established;
        _queues.TryRemove(place);
    }

    /// <summary>From now on the flow is the first to be given up.</summary>
    public void MarkClosed(int place)
    {
        _queues.TryRemove(place);
        _queues.Append(Closed, place);
    }

    /// <summary>The flow to give up when the table is full: closed ones first, then the oldest that nobody has settled into.</summary>
    /// <remarks>A flood of new flows so pushes out only its own; established ones go when nothing else is left.</remarks>
    public int ChooseVictim()
    {
        var place = _queues.First(Closed);
        if (place == FlowLists.None)
        {
            place = _queues.First(Young);
        }

        return place == FlowLists.None ? ChooseStale() : place;
    }

    private int ChooseStale()
    {
        var stalest = _hand;
        for (var i = 0; i < SampleCount; i++)
        {
            _hand = (_hand + 1) % _used;
            if (_entries[_hand].LastTime < _entries[stalest].LastTime)
            {
                stalest = _hand;
            }
        }

        return stalest;
    }
}
