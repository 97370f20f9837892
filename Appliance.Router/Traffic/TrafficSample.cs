using Appliance.Router.Devices;

namespace Appliance.Router.Traffic;

/// <summary>Totals since the Router started, and the rates of the last second; stations and shares the busiest first.</summary>
internal readonly record struct TrafficSample(
    DateTimeOffset Time, PathTotals Totals, long DroppedPackets, double PacketsPerSecond, double BitsPerSecond, IReadOnlyList<StationRate> Stations, TrafficShares Shares);
