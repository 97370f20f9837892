namespace Appliance.Local;

/// <summary>One alert of a run: what was done about it ("blocked", "rate-limited" or "none"), and whether a real subscriber received it.</summary>
internal sealed record SummaryAlert(string Id, string Category, string Severity, string Source, string Response, bool Mqtt);
