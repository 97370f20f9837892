namespace Appliance.Detector.Detectors;

/// <summary>How much an alert matters; a later value outweighs an earlier one.</summary>
public enum Severity : byte
{
    None,
    Info,
    Low,
    Medium,
    High,
    Critical,
}
