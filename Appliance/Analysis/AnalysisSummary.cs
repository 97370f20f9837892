namespace Appliance.Analysis;

/// <summary>The last line of `analyze --format json`; Error is absent when the capture could be read to its end.</summary>
internal sealed record AnalysisSummary(long Packets, long Bytes, long Flows, int Alerts, double Seconds, string? Error);
