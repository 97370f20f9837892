using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Appliance.Router.Traffic;

/// <summary>Traffic of each remote address since the table was emptied, counted on the packet's thread without an allocation.</summary>
internal sealed class DestinationTable
{
    // A table half full finds a place at the second try; more than these means that it is full, or that somebody picks addresses.
    private const int MaxTries = 16;

    private readonly Destination[] _destinations;
    private readonly int _shift;

    // Nobody outside can foresee which addresses collide.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public DestinationTable(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _destinations = new Destination[size];
        _shift = 64 - BitOperations.Log2(size);
    }

    /// <summary>Packets to or from a remote address that found no place.</summary>
    public long UncountedCount { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(UInt128 source, UInt128 destination, long bytes)
    {
        if (RemoteAddresses.IsRemote(destination))
        {
            Add(new Destination(destination, PacketsOut: 1, PacketsIn: 0, bytes, BytesIn: 0));
        }

        if (RemoteAddresses.IsRemote(source))
        {
            Add(new Destination(source, PacketsOut: 0, PacketsIn: 1, BytesOut: 0, bytes));
        }
    }

    /// <summary>Adds what another table has counted, such as that of another thread.</summary>
    public void Add(DestinationTable other)
    {
        foreach (var destination in other._destinations)
        {
            if (destination.Address != 0)
            {
                Add(destination);
            }
        }

        UncountedCount += other.UncountedCount;
    }

    /// <summary>All addresses; only for a table that nobody counts in any more.</summary>
    public Destination[] Read() => [.. _destinations.Where(destination => destination.Address != 0)];

    public void Clear()
    {
        Array.Clear(_destinations);
        UncountedCount = 0;
    }

    private void Add(in Destination counted)
    {
        ref var place = ref Find(counted.Address);
        if (Unsafe.IsNullRef(ref place))
        {
            UncountedCount += counted.PacketsOut + counted.PacketsIn;
            return;
        }

        place.PacketsOut += counted.PacketsOut;
        place.PacketsIn += counted.PacketsIn;
        place.BytesOut += counted.BytesOut;
        place.BytesIn += counted.BytesIn;
    }

    private ref Destination Find(UInt128 address)
    {
        // The multiply and fold of wyhash: every bit of both halves reaches every bit of the result.
        var high = Math.BigMul((ulong)address ^ _seed, (ulong)(address >> 64) ^ 0x9e37_79b9_7f4a_7c15, out var low);
        var start = (int)(((high ^ low) * 0x9e37_79b9_7f4a_7c15) >> _shift);
        for (var i = 0; i < MaxTries; i++)
        {
            ref var place = ref _destinations[(start + i) & (_destinations.Length - 1)];
            if (place.Address == address)
            {
                return ref place;
            }

            if (place.Address == 0)
            {
                place.Address = address;
                return ref place;
            }
        }

        return ref Unsafe.NullRef<Destination>();
    }
}
