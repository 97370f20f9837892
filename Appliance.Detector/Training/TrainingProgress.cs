namespace Appliance.Detector.Training;

/// <summary>One pass over the training windows is done.</summary>
public readonly record struct TrainingProgress(int Epoch, int Epochs, double Loss);
