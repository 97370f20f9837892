using System.Globalization;
using Appliance.Detector.Detectors;
using Appliance.Router.Capture;

namespace Appliance.Evaluation.Windows;

/// <summary>Lays each attack over benign traffic, slowed down to a share of its rate, and counts the windows that are found.</summary>
/// <remarks>
/// Thresholds come from the benign captures of the same list, played alone, and are set before an attack is looked at. The bed is
/// the plain benign capture with the highest packet rate, as the hardest to be seen in. Attacks need a time window in the list.
/// </remarks>
internal sealed class WindowEvaluation(IReadOnlyList<ManifestEntry> entries, Action<string> started, CancellationToken token)
{
    private const double FalsePositiveShare = 1e-3;

    // The last one is the attack as it was recorded.
    private static readonly double?[] Shares = [0.01, 0.05, 0.5, null];
    private static readonly Category[] Held = [Category.Scan, Category.BruteForce, Category.Flood];
    private static readonly Method[] Methods = Enum.GetValues<Method>();

    /// <summary>Null where the list has no benign capture to lay attacks over, or no attack to lay.</summary>
    public WindowTotal? Run()
    {
        var benign = entries.Where(entry => !entry.Expectation.IsAttack && File.Exists(entry.Path)).ToArray();
        var bed = benign
            .Where(entry => entry.Expectation.Text == Expectation.Benign)
            .Select(entry => (Entry: entry, Shape: CaptureShape.Measure(entry.Path, null)))
            .DefaultIfEmpty()
            .MaxBy(candidate => candidate.Shape.Rate);
        var attacks = entries.Where(entry => CategoryOf(entry) != Category.None && entry.Window is not null && File.Exists(entry.Path)).ToArray();
        if (bed.Entry is null || bed.Shape.Rate == 0 || attacks.Length == 0)
        {
            return null;
        }

        var (thresholds, count) = FindThresholds(benign);
        var found = attacks.SelectMany(attack => Shares.Select(share => Lay(attack, share, bed.Entry, bed.Shape))).OfType<OverlayScores>().ToArray();
        var totals = found
            .GroupBy(scores => (scores.Category, scores.Share))
            .OrderBy(group => group.Key.Category)
            .ThenBy(group => group.Key.Share ?? double.MaxValue)
            .Select(group => Total(group.Key.Category, group.Key.Share, [.. group], thresholds));
        return new WindowTotal(count, bed.Entry.File, Math.Round(bed.Shape.Rate, 3), [.. totals]);
    }

    // A capture of several attacks has no one category, and no one attacker.
    private static Category CategoryOf(ManifestEntry entry)
    {
        var held = entry.Expectation.Accepted.Where(Held.Contains).ToArray();
        return held.Length == 1 ? held[0] : Category.None;
    }

    private static OverlayTotal Total(Category category, double? share, OverlayScores[] overlays, double[] thresholds)
    {
        // Each attack weighs the same, however long it lasts.
        double[] rates = [.. Methods.Select(method => Math.Round(overlays.Average(overlay => Threshold.Exceeding(thresholds[(int)method], overlay.Scores[(int)method])), 4))];
        return new OverlayTotal(category.ToWord(), share, overlays.Sum(overlay => overlay.Scores[0].Count), rates[0], rates[1], rates[2], rates[3]);
    }

    private (double[] Thresholds, int Count) FindThresholds(IReadOnlyList<ManifestEntry> benign)
    {
        var scores = Methods.Select(_ => new List<double>()).ToArray();
        foreach (var entry in benign)
        {
            started(entry.File);
            using var capture = new CaptureFile(entry.Path);
            var run = WindowTrial.Run(capture, token);
            foreach (var method in Methods)
            {
                scores[(int)method].AddRange(run.Active.Select(window => run.Of(window, method)));
            }
        }

        return ([.. scores.Select(of => Threshold.At(FalsePositiveShare, of))], scores[0].Count);
    }

    private OverlayScores? Lay(ManifestEntry attack, double? share, ManifestEntry bed, CaptureShape bedShape)
    {
        started(string.Create(CultureInfo.InvariantCulture, $"{attack.File} at share {share ?? 1}"));
        var window = attack.Window.GetValueOrDefault();
        var hosts = HostText.All(attack.Attacker);
        if (hosts.Count == 0)
        {
            hosts = Victim.Find(attack.Path, window) is { } victim ? [victim] : [];
        }

        var tempo = new Tempo(CaptureShape.Measure(attack.Path, window), share is { } part ? bedShape.Rate * part : double.PositiveInfinity);
        using var overlay = new Overlay(bed.Path, bedShape, attack.Path, window, tempo);
        var run = WindowTrial.Run(overlay, token);
        var attacked = hosts
            .SelectMany(host => overlay.AttackedWindows.Select(index => new HostWindow(host, index)))
            .Where(run.Holds)
            .ToArray();
        return attacked.Length == 0
            ? null
            : new OverlayScores(CategoryOf(attack), share, [.. Methods.Select(method => (IReadOnlyList<double>)[.. attacked.Select(place => run.Of(place, method))])]);
    }

    /// <summary>Scores of the attacked windows of one overlay, a list for each way of detecting.</summary>
    private sealed record OverlayScores(Category Category, double? Share, IReadOnlyList<double>[] Scores);
}
