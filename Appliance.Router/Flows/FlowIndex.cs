using System.Numerics;
using System.Security.Cryptography;

namespace Appliance.Router.Flows;

/// <summary>Finds a flow's place by its tuple: open addressing, half full at most, hash and place in one slot.</summary>
internal sealed class FlowIndex
{
    private readonly FlowEntry[] entries;
    private readonly ulong[] slots;
    private readonly uint mask;
    private readonly ulong seed;

    public FlowIndex(FlowEntry[] entries)
    {
        this.entries = entries;
        slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)entries.Length * 2)];
        mask = (uint)slots.Length - 1;
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        seed = BitConverter.ToUInt64(random);
    }

    public uint Hash(in FlowTuple tuple) => tuple.Hash(seed);

    public int Find(in FlowTuple tuple, uint hash)
    {
        for (var slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if ((uint)(slots[slot] >> 32) == hash && entries[PlaceIn(slots[slot])].Matches(tuple))
            {
                return PlaceIn(slots[slot]);
            }
        }

        return FlowLists.None;
    }

    public void Add(uint hash, int place)
    {
        var slot = hash & mask;
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        slots[slot] = ((ulong)hash << 32) | (uint)(place + 1);
    }

    /// <summary>Takes a place out and moves those behind it up, so that no chain is broken and none grows.</summary>
    public void Remove(uint hash, int place)
    {
        var hole = hash & mask;
        while (PlaceIn(slots[hole]) != place)
        {
            hole = (hole + 1) & mask;
        }

        for (var slot = (hole + 1) & mask; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var home = (uint)(slots[slot] >> 32) & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask))
            {
                slots[hole] = slots[slot];
                hole = slot;
            }
        }

        slots[hole] = 0;
    }

    private static int PlaceIn(ulong slot) => (int)(uint)slot - 1;
}
