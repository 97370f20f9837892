namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>What crossed the Router in one second.</summary>
public readonly record struct RatePoint(DateTimeOffset Time, double PacketsPerSecond, double BitsPerSecond);
