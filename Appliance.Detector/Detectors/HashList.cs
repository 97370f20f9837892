namespace Appliance.Detector.Detectors;

/// <summary>A set of 64-bit hashes without removal, half full at most: 16 bytes a member.</summary>
internal sealed class HashList
{
    private const int FirstSize = 8;

    // An empty slot is 0, so a hash of 0 takes the place of its neighbor; one in 2^64 of them is.
    private const ulong ZeroStandIn = 1;

    private ulong[] _slots = new ulong[FirstSize];

    public int Count { get; private set; }

    public bool Contains(ulong hash) => _slots[Find(_slots, Stored(hash))] != 0;

    public void Add(ulong hash)
    {
        ref var slot = ref _slots[Find(_slots, Stored(hash))];
        if (slot != 0)
        {
            return;
        }

        slot = Stored(hash);
        if (++Count * 2 > _slots.Length)
        {
            Grow();
        }
    }

    /// <summary>Keeps its size.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    private static ulong Stored(ulong hash) => hash == 0 ? ZeroStandIn : hash;

    private static int Find(ulong[] slots, ulong stored)
    {
        var mask = slots.Length - 1;
        var place = (int)stored & mask;
        while (slots[place] != 0 && slots[place] != stored)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var stored in _slots)
        {
            if (stored != 0)
            {
                larger[Find(larger, stored)] = stored;
            }
        }

        _slots = larger;
    }
}
