using System.Runtime.CompilerServices;

namespace Appliance.Detector.Flows;

/// <summary>A map of at most <c>capacity</c> entries that forgets the least recently touched one, in constant time.</summary>
/// <remarks>
/// Grows by doubling up to its cap, so that a quiet home pays for a quiet home. Not for several threads.
/// With <c>reset</c> a new entry may get the object of a forgotten one, reset, so that a full table allocates nothing.
/// </remarks>
internal sealed class BoundedTable<TKey, TValue>(int capacity, Action<TValue>? reset = null)
    where TKey : struct, IEquatable<TKey>
{
    private const int None = -1;
    private const int FirstSize = 16;

    private readonly Dictionary<TKey, int> _slots = [];
    private Entry[] _entries = new Entry[Math.Min(capacity, FirstSize)];
    private int _newest = None;
    private int _oldest = None;
    private int _free = None;
    private int _used;

    public int Count => _slots.Count;

    public int Capacity => capacity;

    /// <summary>Entries forgotten because the table was full.</summary>
    public long Evicted { get; private set; }

    /// <summary>Finds or makes an entry and marks it as the newest; the reference is good until the next call.</summary>
    public ref TValue Touch(in TKey key, out bool isNew)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            isNew = false;
            Unlink(slot);
            LinkNewest(slot);
            return ref _entries[slot].Value;
        }

        isNew = true;
        slot = TakeSlot();
        if (_entries[slot].Value is { } forgotten)
        {
            reset?.Invoke(forgotten);
        }

        _entries[slot].Key = key;
        _slots.Add(key, slot);
        LinkNewest(slot);
        return ref _entries[slot].Value;
    }

    /// <summary>A null reference where the key is unknown; the order stays as it is.</summary>
    public ref TValue Find(in TKey key) =>
        ref _slots.TryGetValue(key, out var slot) ? ref _entries[slot].Value : ref Unsafe.NullRef<TValue>();

    public bool TryRemove(in TKey key, out TValue value)
    {
        if (!_slots.Remove(key, out var slot))
        {
            value = default!;
            return false;
        }

        value = _entries[slot].Value;
        Release(slot);
        return true;
    }

    public bool TryPeekOldest(out TKey key, out TValue value)
    {
        if (_oldest == None)
        {
            key = default;
            value = default!;
            return false;
        }

        key = _entries[_oldest].Key;
        value = _entries[_oldest].Value;
        return true;
    }

    private int TakeSlot()
    {
        if (_slots.Count == capacity)
        {
            Evicted++;
            var oldest = _oldest;
            _slots.Remove(_entries[oldest].Key);
            Release(oldest);
        }

        if (_free != None)
        {
            var slot = _free;
            _free = _entries[slot].Older;
            return slot;
        }

        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(capacity, _entries.Length * 2));
        }

        return _used++;
    }

    private void Release(int slot)
    {
        Unlink(slot);
        _entries[slot] = new Entry { Older = _free, Value = reset is null ? default! : _entries[slot].Value };
        _free = slot;
    }

    private void LinkNewest(int slot)
    {
        _entries[slot].Older = _newest;
        _entries[slot].Newer = None;
        if (_newest != None)
        {
            _entries[_newest].Newer = slot;
        }
        else
        {
            _oldest = slot;
        }

        _newest = slot;
    }

    private void Unlink(int slot)
    {
        var (older, newer) = (_entries[slot].Older, _entries[slot].Newer);
        if (older != None)
        {
            _entries[older].Newer = newer;
        }
        else
        {
            _oldest = newer;
        }

        if (newer != None)
        {
            _entries[newer].Older = older;
        }
        else
        {
            _newest = older;
        }
    }

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
        public int Older;
        public int Newer;
    }
}
