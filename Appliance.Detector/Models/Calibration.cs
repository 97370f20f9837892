using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Appliance.Detector.Models;

/// <summary>The scores of normal windows that the network was not trained on, thinned out where they are dense.</summary>
/// <remarks>
/// Conformal p-values (Vovk et al., 2005): among exchangeable windows p &lt;= a happens with a probability of at most a,
/// whatever the network is. Between two knots the larger p-value counts, so thinning raises no alarm.
/// </remarks>
public sealed class Calibration
{
    // The tail is what decides: its scores are kept one by one.
    private const int TailKnots = 128;
    private const int BodyKnots = 64;

    private Calibration(int count, ImmutableArray<CalibrationKnot> knots)
    {
        Count = count;
        Knots = knots;
    }

    /// <summary>Calibration windows.</summary>
    public int Count { get; }

    /// <summary>By ascending score.</summary>
    public ImmutableArray<CalibrationKnot> Knots { get; }

    public static Calibration FromScores(IEnumerable<float> scores)
    {
        var sorted = scores.Order().ToArray();
        if (sorted.Length == 0)
        {
            throw new ArgumentException("There are no calibration scores.", nameof(scores));
        }

        var tail = Math.Max(0, sorted.Length - TailKnots);
        var step = Math.Max(1, tail / BodyKnots);
        var knots = new List<CalibrationKnot>();
        for (var i = 0; i < sorted.Length; i += i < tail ? Math.Min(step, tail - i) : 1)
        {
            // Of equal scores the first counts them all.
            if (knots.Count == 0 || sorted[i] > knots[^1].Score)
            {
                var first = Array.BinarySearch(sorted, sorted[i]);
                while (first > 0 && sorted[first - 1] == sorted[i])
                {
                    first--;
                }

                knots.Add(new CalibrationKnot(sorted[i], sorted.Length - first));
            }
        }

        return new Calibration(sorted.Length, [.. knots]);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out Calibration calibration)
    {
        calibration = new Calibration(0, []);
        var parts = text.Split(';');
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var knots = new List<CalibrationKnot>();
        foreach (var pair in parts[1].Split(','))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0
                || !float.TryParse(pair[..colon], NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
                || !int.TryParse(pair[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var atLeast))
            {
                return false;
            }

            knots.Add(new CalibrationKnot(score, atLeast));
        }

        calibration = new Calibration(count, [.. knots]);
        return calibration.IsSound();
    }

    /// <summary>Share of normal windows that score at least this, the window itself counted as one of them.</summary>
    public float PValue(float score)
    {
        var atLeast = score > Knots[^1].Score ? 0 : Count;
        if (atLeast > 0)
        {
            foreach (var knot in Knots)
            {
                if (knot.Score > score)
                {
                    break;
                }

                atLeast = knot.AtLeast;
            }
        }

        return (1f + atLeast) / (1f + Count);
    }

    /// <summary>"count;score:atLeast,…", exact.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Count};");
        text.AppendJoin(',', Knots.Select(knot => string.Create(CultureInfo.InvariantCulture, $"{knot.Score:R}:{knot.AtLeast}")));
        return text.ToString();
    }

    private bool IsSound()
    {
        if (Count < 1 || Knots[0].AtLeast != Count || Knots.Any(knot => !float.IsFinite(knot.Score) || knot.Score < 0 || knot.AtLeast < 1))
        {
            return false;
        }

        return Knots.Zip(Knots.Skip(1)).All(pair => pair.First.Score < pair.Second.Score && pair.First.AtLeast > pair.Second.AtLeast);
    }
}
