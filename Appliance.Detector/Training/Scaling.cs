using System.Collections.Immutable;
using Appliance.Detector.Models;

namespace Appliance.Detector.Training;

/// <summary>Where each feature's logarithm usually lies and how far it usually strays.</summary>
internal sealed record Scaling(ImmutableArray<float> Offsets, ImmutableArray<float> Scales)
{
    // Quartiles of a normal distribution lie 1.349 standard deviations apart.
    private const double QuartilesPerDeviation = 1.349;

    // A feature that hardly moves: half of a first count (log 2 = 0.69) is one unit.
    private const double Least = 0.35;

    public static Scaling Of(IReadOnlyList<float[]> windows)
    {
        var width = windows[0].Length;
        var (offsets, scales) = (new float[width], new float[width]);
        var column = new float[windows.Count];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < column.Length; j++)
            {
                column[j] = Logarithm.OnePlus(windows[j][i]);
            }

            Array.Sort(column);
            offsets[i] = Quantile(column, 0.5);
            var quartiles = (Quantile(column, 0.75) - Quantile(column, 0.25)) / QuartilesPerDeviation;
            scales[i] = (float)Math.Max(Math.Max(quartiles, Deviation(column)), Least);
        }

        return new Scaling([.. offsets], [.. scales]);
    }

    private static float Quantile(float[] sorted, double share) => sorted[(int)((sorted.Length - 1) * share)];

    // Rare features have equal quartiles; their deviation is taken without the last hundredth, which may be poison.
    private static double Deviation(float[] sorted)
    {
        var count = Math.Max(1, sorted.Length * 99 / 100);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            sum += sorted[i];
            squares += (double)sorted[i] * sorted[i];
        }

        var mean = sum / count;
        return Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
    }
}
