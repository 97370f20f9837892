namespace Appliance.Detector.Models;

/// <summary>Runs one model over batches of windows; may be called by several threads.</summary>
public interface IWindowScorer
{
    /// <summary>What runs it, for example "CPUExecutionProvider".</summary>
    string Provider { get; }

    /// <summary>Scores <paramref name="count"/> windows.</summary>
    /// <param name="windows">Values in the features' own units, window after window; finite.</param>
    /// <param name="count">How many windows.</param>
    /// <param name="scores">Gets one score a window.</param>
    /// <param name="reconstructions">Gets what the model made of each window, scaled (see <see cref="Autoencoder"/>); empty when nobody asks.</param>
    void Score(ReadOnlySpan<float> windows, int count, Span<float> scores, Span<float> reconstructions);
}
