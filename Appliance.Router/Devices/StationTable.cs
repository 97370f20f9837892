using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>Bytes of each station since the table was emptied, counted on the packet's thread without an allocation.</summary>
internal sealed class StationTable
{
    // A table half full finds a place at the second try; more than these means that it is full, or that somebody picks addresses.
    private const int MaxTries = 16;

    private readonly Station[] _stations;
    private readonly int _shift;

    // Nobody outside can foresee which addresses collide.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private long _uncounted;

    public StationTable(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _stations = new Station[size];
        _shift = 64 - BitOperations.Log2(size);
    }

    /// <summary>Frames that found no place.</summary>
    public long UncountedCount => _uncounted;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(MacAddress source, MacAddress destination, long bytes, long time)
    {
        if (!source.IsEmpty && !source.IsGroup)
        {
            ref var sender = ref Find(source);
            if (!Unsafe.IsNullRef(ref sender))
            {
                sender.OutBytes += bytes;
                sender.LastSent = time;
            }
        }

        if (!destination.IsEmpty && !destination.IsGroup)
        {
            ref var receiver = ref Find(destination);
            if (!Unsafe.IsNullRef(ref receiver))
            {
                receiver.InBytes += bytes;
            }
        }
    }

    /// <summary>All stations; only for a table that nobody counts in any more.</summary>
    public Station[] Read() => [.. _stations.Where(station => !station.Mac.IsEmpty)];

    public void Clear()
    {
        Array.Clear(_stations);
        _uncounted = 0;
    }

    private ref Station Find(MacAddress mac)
    {
        // Fibonacci hashing: the upper bits of the product depend on all bits of the address.
        var place = (int)(((mac.Value ^ _seed) * 0x9e37_79b9_7f4a_7c15) >> _shift);
        for (var i = 0; i < MaxTries; i++)
        {
            ref var station = ref _stations[(place + i) & (_stations.Length - 1)];
            if (station.Mac == mac)
            {
                return ref station;
            }

            if (station.Mac.IsEmpty)
            {
                station.Mac = mac;
                return ref station;
            }
        }

        _uncounted++;
        return ref Unsafe.NullRef<Station>();
    }
}
