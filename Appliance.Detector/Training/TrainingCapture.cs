using Appliance.Detector.Features;

namespace Appliance.Detector.Training;

/// <summary>The windows of one benign capture.</summary>
/// <param name="Name">As the model's provenance names it.</param>
/// <param name="Windows">By ascending start.</param>
public sealed record TrainingCapture(string Name, IReadOnlyList<DeviceWindow> Windows);
