namespace Appliance.Detector.Detectors;

/// <summary>One reason of a finding, in figures; the text is made only when an alert is written.</summary>
/// <param name="Feature">What was measured, for example "failed contacts".</param>
/// <param name="Value">What was seen.</param>
/// <param name="Normal">What is normal there, in the same unit.</param>
/// <param name="Text">A composite format of value {0} and normal {1}.</param>
public readonly record struct Reason(string Feature, double Value, double Normal, string Text);
