using System.Collections.Immutable;

namespace Appliance.Detector.Models;

/// <summary>A trained model of normal device windows; immutable.</summary>
/// <remarks>
/// A window's values v become x = (log(1 + v) - offset) / scale. The layers (ReLU between them, none after the last) see
/// x clipped to +-<see cref="InputLimit"/> and rebuild it; the score is the mean of the squared differences to the unclipped
/// x, so that a network that carries large values through unchanged can't make an outlier look normal.
/// </remarks>
public sealed record Autoencoder
{
    public required int SchemaVersion { get; init; }

    /// <summary>In the order of a window's values.</summary>
    public required ImmutableArray<string> Features { get; init; }

    public required ImmutableArray<float> Offsets { get; init; }

    public required ImmutableArray<float> Scales { get; init; }

    public required float InputLimit { get; init; }

    public required ImmutableArray<Layer> Layers { get; init; }

    /// <summary>A window with a higher score is anomalous.</summary>
    public required float Threshold { get; init; }

    public required Calibration Calibration { get; init; }

    /// <summary>What it was trained on and by what, in words.</summary>
    public required string Provenance { get; init; }

    /// <summary>Time of the last window it was trained on, so that the same input gives the same file.</summary>
    public required DateTimeOffset Created { get; init; }

    public int WeightsCount => Layers.Sum(layer => layer.Weights.Length + layer.Biases.Length);

    /// <summary>What a score means.</summary>
    public WindowScore Judge(float score) => new(score, Calibration.PValue(score), score > Threshold);
}
