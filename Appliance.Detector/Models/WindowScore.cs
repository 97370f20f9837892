namespace Appliance.Detector.Models;

/// <summary>How unusual a device window is.</summary>
/// <param name="Value">Mean squared reconstruction error over scaled features.</param>
/// <param name="PValue">Share of the calibration windows that scored at least this: 0 to 1.</param>
/// <param name="IsAnomalous">The score lies above the model's threshold.</param>
public readonly record struct WindowScore(float Value, float PValue, bool IsAnomalous);
