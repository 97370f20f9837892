namespace Appliance.Detector.Training;

/// <summary>How a model is trained; the same options and windows give the same model, bit by bit.</summary>
public sealed record TrainingOptions
{
    public const int FewestEpochs = 1;
    public const int MostEpochs = 10_000;

    public ulong Seed { get; init; } = 1;

    /// <summary>Passes over the windows, in all rounds together.</summary>
    public int Epochs { get; init; } = 300;

    public int BatchSize { get; init; } = 32;

    /// <summary>Adam's step (Kingma and Ba, 2015).</summary>
    public double LearningRate { get; init; } = 0.002;
}
