using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Flows;

/// <summary>What flows have said in clear, by the flow's ordinal: a flow that has said nothing takes no room. When it is full the oldest gives way.</summary>
/// <remarks>A text may have 1021 characters and a flow twelve, so there is a bound on characters too: 256 for each flow that there is room for.</remarks>
internal sealed class FirstBytesTable
{
    private const int Used = 0;
    private const int MeanLength = 256;

    private readonly Dictionary<long, int> _places;
    private readonly (long Ordinal, FirstBytesFacts? Facts)[] _entries;
    private readonly FlowLists _ages;
    private readonly Stack<int> _free;
    private long _length;

    public FirstBytesTable(int capacity)
    {
        _places = new Dictionary<long, int>(capacity);
        _entries = new (long, FirstBytesFacts?)[capacity];
        _ages = new FlowLists(capacity, listCount: 1);
        _free = new Stack<int>(Enumerable.Range(0, capacity).Reverse());
    }

    /// <summary>Flows whose first bytes gave way to those of newer ones.</summary>
    public long EvictedCount { get; private set; }

    public int Count => _places.Count;

    /// <summary>What the flow has said; null when nothing, or when it had to give way.</summary>
    public FirstBytesFacts? Find(in FlowEntry entry) =>
        entry.HasFirstBytes && _places.TryGetValue(entry.Ordinal, out var place) ? _entries[place].Facts : null;

    public void Add(ref FlowEntry entry, Fact fact)
    {
        if (!FirstBytesFacts.IsOne(fact))
        {
            return;
        }

        var before = Find(entry);
        if (before is not null)
        {
            Release(entry.Ordinal);
        }

        Put(entry.Ordinal, (before ?? new FirstBytesFacts()).With(fact));
        entry.HasFirstBytes = true;
    }

    /// <summary>Forgets a flow that leaves.</summary>
    public void Release(ref FlowEntry entry)
    {
        if (entry.HasFirstBytes && _places.ContainsKey(entry.Ordinal))
        {
            Release(entry.Ordinal);
        }

        entry.HasFirstBytes = false;
    }

    private void Put(long ordinal, FirstBytesFacts facts)
    {
        while (_free.Count == 0 || (_places.Count > 0 && _length + facts.Length > (long)MeanLength * _entries.Length))
        {
            Release(_entries[_ages.First(Used)].Ordinal);
            EvictedCount++;
        }

        var place = _free.Pop();
        _places.Add(ordinal, place);
        _entries[place] = (ordinal, facts);
        _ages.Append(Used, place);
        _length += facts.Length;
    }

    private void Release(long ordinal)
    {
        _places.Remove(ordinal, out var place);
        _length -= _entries[place].Facts!.Length;
        _entries[place] = default;
        _ages.TryRemove(place);
        _free.Push(place);
    }
}
