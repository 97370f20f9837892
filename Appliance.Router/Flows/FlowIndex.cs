using System.Numerics;
using System.Security.Cryptography;

namespace Appliance.Router.Flows;

/// <summary>Finds a flow's place by its tuple: open addressing, half full at most, hash and place in one slot.</summary>
internal sealed class FlowIndex
{
    private readonly FlowEntry[] _entries;
    private readonly ulong[] _slots;
    private readonly uint _mask;
    private readonly ulong _seed;

    public FlowIndex(FlowEntry[] entries)
    {
        _entries = entries;
        _slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)_entries.Length * 2)];
        _mask = (uint)_slots.Length - 1;
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        _seed = BitConverter.ToUInt64(random);
    }

    public uint Hash(in FlowTuple tuple) => tuple.Hash(_seed);

    public int Find(in FlowTuple tuple, uint hash)
    {
        for (var slot = hash & _mask; _slots[slot] != 0; slot = (slot + 1) & _mask)
        {
            if ((uint)(_slots[slot] >> 32) == hash && _entries[PlaceIn(_slots[slot])].Matches(tuple))
            {
                return PlaceIn(_slots[slot]);
            }
        }

        return FlowLists.None;
    }

    public void Add(uint hash, int place)
    {
        var slot = hash & _mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & _mask;
        }

        _slots[slot] = ((ulong)hash << 32) | (uint)(place + 1);
    }

    /// <summary>Takes a place out and moves those behind it up, so that no chain is broken and none grows.</summary>
    public void Remove(uint hash, int place)
    {
        var hole = hash & _mask;
        while (PlaceIn(_slots[hole]) != place)
        {
            hole = (hole + 1) & _mask;
        }

        for (var slot = (hole + 1) & _mask; _slots[slot] != 0; slot = (slot + 1) & _mask)
        {
            var home = (uint)(_slots[slot] >> 32) & _mask;
            if (((slot - home) & _mask) >= ((slot - hole) & _mask))
            {
                _slots[hole] = _slots[slot];
                hole = slot;
            }
        }

        _slots[hole] = 0;
    }

    private static int PlaceIn(ulong slot) => (int)(uint)slot - 1;
}
