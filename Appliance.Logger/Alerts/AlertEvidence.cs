namespace Appliance.Logger.Alerts;

/// <summary>How much an alert stands on, on the capture's clock.</summary>
public sealed record AlertEvidence(long Events, DateTimeOffset First, DateTimeOffset Last);
