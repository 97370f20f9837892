using System.Runtime.CompilerServices;
using Appliance.Router.Decoding;

namespace Appliance.Router.Traffic;

/// <summary>What one thread's packets amount to by protocol and by remote address since it was emptied; those of several threads can be added.</summary>
internal sealed class TrafficTally
{
    private const int ProtocolCount = 256;

    // As many remote addresses as a second has at most; beyond are scans and floods from made-up addresses.
    private const int Destinations = 4096;

    private readonly long[] _packets = new long[ProtocolCount];
    private readonly long[] _bytes = new long[ProtocolCount];
    private readonly DestinationTable _destinations = new(Destinations);

    /// <summary>Packets of remote addresses that found no place.</summary>
    public long UncountedCount => _destinations.UncountedCount;

    /// <summary>Counts an IP packet with the bytes of its frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(in Packet packet, long bytes)
    {
        if (packet.IsIP)
        {
            _packets[packet.Protocol]++;
            _bytes[packet.Protocol] += bytes;
            _destinations.Count(packet.Source, packet.Destination, bytes);
        }
    }

    /// <summary>Adds what another thread has counted.</summary>
    public void Add(TrafficTally other)
    {
        for (var protocol = 0; protocol < ProtocolCount; protocol++)
        {
            _packets[protocol] += other._packets[protocol];
            _bytes[protocol] += other._bytes[protocol];
        }

        _destinations.Add(other._destinations);
    }

    /// <summary>Protocols that there were packets of.</summary>
    public IEnumerable<(byte Protocol, long Packets, long Bytes)> ReadProtocols() => Enumerable.Range(0, ProtocolCount)
        .Where(protocol => _packets[protocol] > 0)
        .Select(protocol => ((byte)protocol, _packets[protocol], _bytes[protocol]));

    public IReadOnlyList<Destination> ReadDestinations() => _destinations.Read();

    public void Clear()
    {
        Array.Clear(_packets);
        Array.Clear(_bytes);
        _destinations.Clear();
    }
}
