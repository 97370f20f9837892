namespace Appliance.Router.Devices;

/// <summary>Counts what stations send and are sent, a second at a time.</summary>
/// <remarks>Two tables take turns: the packet's thread counts in one while the other is read.</remarks>
internal sealed class DeviceRates(PacketPath path)
{
    // As many as one second's traffic has stations; a home has 100, a flood from made-up addresses any number.
    private const int Capacity = 4096;

    /// <summary>What is told of, the busiest first.</summary>
    private const int MaxTold = 256;

    private const double BitsPerByte = 8;

    private StationTable _spare = new(Capacity);
    private long _uncounted;
    private volatile IReadOnlyList<StationRate> _current = [];

    /// <summary>The rates of the last second, the busiest first.</summary>
    public IReadOnlyList<StationRate> Current => _current;

    /// <summary>Frames whose station found no place in its second.</summary>
    public long UncountedCount => Interlocked.Read(ref _uncounted);

    /// <summary>Begins to count.</summary>
    public void Begin() => path.CountStations(new StationTable(Capacity));

    /// <summary>Ends a second, and gives its stations.</summary>
    public Station[] Take(TimeSpan elapsed)
    {
        var full = path.CountStations(_spare) ?? new StationTable(Capacity);
        var stations = full.Read();
        Interlocked.Add(ref _uncounted, full.UncountedCount);
        full.Clear();
        _spare = full;
        var factor = BitsPerByte / elapsed.TotalSeconds;
        _current = [.. stations
            .Select(station => new StationRate(station.Mac, station.OutBytes * factor, station.InBytes * factor))
            .OrderByDescending(rate => rate.BitsPerSecond)
            .Take(MaxTold)];
        return stations;
    }
}
