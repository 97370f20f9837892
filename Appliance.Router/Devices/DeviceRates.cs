using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>Counts what stations send and are sent, a second at a time.</summary>
/// <remarks>
/// Two tables of each path take turns: the packet's thread counts in one while the other is read. Only interfaces with stations of ours
/// count: on the provider's side all traffic is between two, and would count again.
/// </remarks>
internal sealed class DeviceRates(PacketPaths paths)
{
    // As many as one second's traffic has stations; a home has 100, a flood from made-up addresses any number.
    private const int Capacity = 4096;

    /// <summary>What is told of, the busiest first.</summary>
    private const int MaxTold = 256;

    private const double BitsPerByte = 8;

    private readonly StationTable[] _spares = [.. paths.Inside.Select(_ => new StationTable(Capacity))];
    private long _uncounted;
    private volatile IReadOnlyList<StationRate> _current = [];

    /// <summary>The rates of the last second, the busiest first.</summary>
    public IReadOnlyList<StationRate> Current => _current;

    /// <summary>Frames whose station found no place in its second.</summary>
    public long UncountedCount => Interlocked.Read(ref _uncounted);

    /// <summary>Begins to count.</summary>
    public void Begin()
    {
        foreach (var path in paths.Inside)
        {
            path.CountStations(new StationTable(Capacity));
        }
    }

    /// <summary>Ends a second, and gives its stations.</summary>
    public Station[] Take(TimeSpan elapsed)
    {
        Station[] stations = [.. paths.Inside.SelectMany((path, index) => Turn(path, ref _spares[index])).GroupBy(station => station.Mac, (mac, parts) => Sum(mac, parts))];
        var factor = BitsPerByte / elapsed.TotalSeconds;
        _current = [.. stations
            .Select(station => new StationRate(station.Mac, station.OutBytes * factor, station.InBytes * factor))
            .OrderByDescending(rate => rate.BitsPerSecond)
            .Take(MaxTold)];
        return stations;
    }

    // The table that was counted in is read, and is the spare one from then on.
    private Station[] Turn(PacketPath path, ref StationTable spare)
    {
        var full = path.CountStations(spare) ?? new StationTable(Capacity);
        var stations = full.Read();
        Interlocked.Add(ref _uncounted, full.UncountedCount);
        full.Clear();
        spare = full;
        return stations;
    }

    private static Station Sum(MacAddress mac, IEnumerable<Station> parts) => parts.Aggregate(
        new Station(mac, 0, 0, 0),
        (sum, part) => new Station(mac, sum.OutBytes + part.OutBytes, sum.InBytes + part.InBytes, Math.Max(sum.LastSent, part.LastSent)));
}
