namespace Appliance.Evaluation;

/// <summary>How one way of detecting did on one capture.</summary>
/// <param name="Detected">An attack was called by an accepted category.</param>
/// <param name="Category">Of the first alarm that counts; null without one, or where the baseline names none.</param>
/// <param name="TimeToDetectSeconds">From the attack's start where the manifest knows it, else from the first packet.</param>
/// <param name="FalseAlarms">Alerts that people would have seen for nothing.</param>
internal sealed record Verdict(bool Detected, string? Category, double? TimeToDetectSeconds, int FalseAlarms);
