namespace Appliance.Local;

/// <summary>The last line of `./run --exit-after-replay`.</summary>
internal sealed record ReplaySummary(long Packets, long Flows, IReadOnlyList<SummaryAlert> Alerts, double Seconds);
