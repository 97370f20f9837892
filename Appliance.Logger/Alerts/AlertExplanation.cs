namespace Appliance.Logger.Alerts;

/// <summary>One reason for an alert, in words and figures; both figures have the same unit.</summary>
public sealed record AlertExplanation(string Feature, double Value, double Normal, string Text);
