namespace Appliance.Router.Traffic;

/// <summary>Counts by protocol and by remote address, a second at a time.</summary>
/// <remarks>Two tallies take turns: the packet's thread counts in one while the other is read.</remarks>
internal sealed class TrafficRates
{
    /// <summary>What is told of, the busiest first.</summary>
    private const int MaxTold = 256;

    private const double BitsPerByte = 8;

    private readonly IReadOnlyList<PacketPath> _paths;
    private readonly TrafficTally[] _spares;

    // Counts from the first packet on: all that is hosted is made before any of it starts. A packet that is passed on is seen on
    // both sides, so the inside alone is counted where there is one.
    public TrafficRates(PacketPaths paths)
    {
        _paths = paths.Inside.Count > 0 ? paths.Inside : paths.All;
        _spares = [.. _paths.Select(_ => new TrafficTally())];
        foreach (var path in _paths)
        {
            path.CountTraffic(new TrafficTally());
        }
    }

    public ProtocolTotals Totals { get; } = new();

    /// <summary>Ends a second, and gives its rates.</summary>
    public TrafficShares Take(TimeSpan elapsed)
    {
        for (var i = 0; i < _spares.Length; i++)
        {
            _spares[i] = _paths[i].CountTraffic(_spares[i]) ?? new TrafficTally();
        }

        var sum = _spares[0];
        foreach (var other in _spares.Skip(1))
        {
            sum.Add(other);
        }

        foreach (var (protocol, packets, bytes) in sum.ReadProtocols())
        {
            Totals.Add(protocol, packets, bytes);
        }

        var shares = Read(sum, elapsed.TotalSeconds);
        foreach (var tally in _spares)
        {
            tally.Clear();
        }

        return shares;
    }

    private static TrafficShares Read(TrafficTally tally, double seconds) => new(
        [.. tally.ReadProtocols()
            .Select(counted => new ProtocolShare(counted.Protocol, counted.Packets / seconds, counted.Bytes * BitsPerByte / seconds))
            .OrderByDescending(share => share.BitsPerSecond)],
        [.. tally.ReadDestinations()
            .OrderByDescending(destination => destination.BytesOut + destination.BytesIn)
            .Take(MaxTold)
            .Select(destination => new DestinationShare(
                destination.Address,
                destination.PacketsOut / seconds,
                destination.PacketsIn / seconds,
                destination.BytesOut * BitsPerByte / seconds,
                destination.BytesIn * BitsPerByte / seconds))],
        tally.UncountedCount);
}
