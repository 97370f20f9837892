namespace Appliance.Router.Flows;

/// <summary>The places of the flow table: which are free, which hold what, and which is given up first.</summary>
internal sealed class FlowStore
{
    private const int Free = 0;
    private const int Young = 1;
    private const int Closed = 2;

    // Among established flows the one to go is the stalest of a few, as good as of all within a few per cent.
    private const int SampleCount = 16;

    private readonly FlowEntry[] entries;
    private readonly FlowIndex index;
    private readonly FlowLists queues;
    private int used;
    private int hand;

    public FlowStore(int capacity)
    {
        entries = new FlowEntry[capacity];
        index = new FlowIndex(entries);
        queues = new FlowLists(capacity, listCount: 3);
    }

    public int Count { get; private set; }

    public int Capacity => entries.Length;

    public bool IsFull => Count == entries.Length;

    /// <summary>One more than the last place ever used.</summary>
    public int Extent => used;

    public ref FlowEntry this[int place] => ref entries[place];

    /// <summary>Whether a flow is there at all.</summary>
    public bool Holds(int place) => entries[place].Ordinal != 0;

    public uint Hash(in FlowTuple tuple) => index.Hash(tuple);

    public int Find(in FlowTuple tuple, uint hash) => index.Find(tuple, hash);

    /// <summary>Takes a place for a new flow; there must be one.</summary>
    public int Take(in FlowTuple tuple, uint hash)
    {
        var place = queues.First(Free);
        if (place == FlowLists.None)
        {
            place = used++;
        }

        queues.TryRemove(place);
        queues.Append(Young, place);
        ref var entry = ref entries[place];
        entry = default;
        entry.Low = tuple.Low;
        entry.High = tuple.High;
        entry.LowPort = tuple.LowPort;
        entry.HighPort = tuple.HighPort;
        entry.Protocol = tuple.Protocol;
        entry.Marks = tuple.IsSourceLow ? EntryMarks.SourceIsLow : EntryMarks.None;
        index.Add(hash, place);
        Count++;
        return place;
    }

    public void Release(int place)
    {
        ref var entry = ref entries[place];
        index.Remove(index.Hash(entry.Tuple), place);
        entry.Ordinal = 0;
        queues.TryRemove(place);
        queues.Append(Free, place);
        Count--;
    }

    /// <summary>From now on the flow is among the last to be given up.</summary>
    public void MarkEstablished(int place)
    {
        entries[place].Marks |= EntryMarks.Established;
        queues.TryRemove(place);
    }

    /// <summary>From now on the flow is the first to be given up.</summary>
    public void MarkClosed(int place)
    {
        queues.TryRemove(place);
        queues.Append(Closed, place);
    }

    /// <summary>The flow to give up when the table is full: closed ones first, then the oldest that nobody has settled into.</summary>
    /// <remarks>A flood of new flows so pushes out only its own; established ones go when nothing else is left.</remarks>
    public int ChooseVictim()
    {
        var place = queues.First(Closed);
        if (place == FlowLists.None)
        {
            place = queues.First(Young);
        }

        return place == FlowLists.None ? ChooseStale() : place;
    }

    private int ChooseStale()
    {
        var stalest = hand;
        for (var i = 0; i < SampleCount; i++)
        {
            hand = (hand + 1) % used;
            if (entries[hand].LastTime < entries[stalest].LastTime)
            {
                stalest = hand;
            }
        }

        return stalest;
    }
}
