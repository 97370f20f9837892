namespace Appliance.Detector.Alerts;

/// <summary>One reason in words and figures; <c>Normal</c> is in the unit of <c>Value</c>.</summary>
public sealed record Explanation(string Feature, double Value, double Normal, string Text);
