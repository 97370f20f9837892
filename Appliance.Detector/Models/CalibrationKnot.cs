namespace Appliance.Detector.Models;

/// <summary>So many calibration windows scored at least this.</summary>
public readonly record struct CalibrationKnot(float Score, int AtLeast);
