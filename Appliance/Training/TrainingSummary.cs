namespace Appliance.Training;

/// <summary>What `train --format json` prints.</summary>
internal sealed record TrainingSummary(string Model, string Sha256, int Captures, int Windows, int Weights, float Threshold, double Loss, double Seconds);
