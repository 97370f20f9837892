namespace Appliance.Logger.Site;

/// <summary>What crossed the Router in one second.</summary>
internal readonly record struct TrafficPoint(
    DateTimeOffset Time,
    double PacketsPerSecond,
    double BitsPerSecond,
    long ActiveFlows,
    long Packets,
    long DroppedPackets);
