namespace Appliance.Detector.Models;

/// <summary>How much one feature contributed to a window's score.</summary>
/// <param name="Feature">Its name in the schema.</param>
/// <param name="Value">What was seen, in the feature's own unit.</param>
/// <param name="Expected">What the model expected there.</param>
/// <param name="Share">Of the whole error: 0 to 1.</param>
public sealed record FeatureShare(string Feature, float Value, float Expected, float Share);
