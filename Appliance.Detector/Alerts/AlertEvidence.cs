namespace Appliance.Detector.Alerts;

/// <summary>What an alert stands on; times are the capture's.</summary>
public sealed record AlertEvidence(long Events, DateTimeOffset First, DateTimeOffset Last);
