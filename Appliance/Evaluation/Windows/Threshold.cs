namespace Appliance.Evaluation.Windows;

/// <summary>The score that only so many benign windows exceed.</summary>
internal static class Threshold
{
    /// <summary>The lowest score such that no more than the share of the benign ones lies above it.</summary>
    public static double At(double falsePositiveShare, IReadOnlyCollection<double> benign)
    {
        var falling = benign.OrderDescending().ToArray();
        var allowed = (int)(falsePositiveShare * falling.Length);
        return falling.Length == 0 ? 0 : falling[Math.Min(allowed, falling.Length - 1)];
    }

    public static double Exceeding(double threshold, IReadOnlyCollection<double> scores) =>
        scores.Count == 0 ? 0 : (double)scores.Count(score => score > threshold) / scores.Count;
}
