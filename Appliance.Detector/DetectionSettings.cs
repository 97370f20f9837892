using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors.BruteForce;
using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Detectors.Scans;

namespace Appliance.Detector;

/// <summary>All that the detection path can be told; the default is what <c>analyze</c> runs with.</summary>
public sealed record DetectionSettings
{
    public ScanOptions Scans { get; init; } = new();

    public BruteForceOptions BruteForce { get; init; } = new();

    public FloodOptions Floods { get; init; } = new();

    public AlertOptions Alerts { get; init; } = new();
}
