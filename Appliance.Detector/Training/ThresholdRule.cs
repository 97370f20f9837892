namespace Appliance.Detector.Training;

/// <summary>Where normal ends, by the scores of windows that were not learned.</summary>
internal static class ThresholdRule
{
    // Windows above it are rarer than one in a thousand.
    private const double Rate = 1e-3;

    // Fewer scores than 1 / Rate know nothing of such a rare one; then half of the largest is added.
    private const float Margin = 1.5f;

    /// <summary>The conformal quantile; where there are too few scores for it, the largest and a margin.</summary>
    public static float Of(IReadOnlyList<float> scores)
    {
        var sorted = scores.Order().ToArray();
        var rank = (int)Math.Ceiling((sorted.Length + 1) * (1 - Rate));
        return rank <= sorted.Length ? sorted[rank - 1] : sorted[^1] * Margin;
    }
}
