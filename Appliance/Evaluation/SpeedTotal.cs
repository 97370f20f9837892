using Appliance.Detector.Detectors;

namespace Appliance.Evaluation;

/// <summary>How soon the attacks of one category were called.</summary>
/// <param name="Category">As alerts name it.</param>
/// <param name="Unit">What is counted from the attack's start to the alert.</param>
/// <param name="Captures">Attacks that an alert of this category has called.</param>
/// <param name="Median">Over them.</param>
/// <param name="Most">The slowest of them.</param>
/// <param name="Mark">What none of them should exceed.</param>
/// <param name="Within">Those that did not.</param>
internal sealed record SpeedTotal(string Category, string Unit, int Captures, double Median, double Most, double Mark, int Within)
{
    /// <summary>A row for each category with a mark that called something.</summary>
    public static IReadOnlyList<SpeedTotal> Of(IReadOnlyList<Detection> detections) =>
        [.. SpeedMark.All.Select(mark => Of(mark, detections)).OfType<SpeedTotal>()];

    private static SpeedTotal? Of(SpeedMark mark, IReadOnlyList<Detection> detections)
    {
        var taken = detections.Where(detection => detection.Category == mark.Category).Select(mark.Of).Order().ToArray();
        return taken.Length == 0
            ? null
            : new SpeedTotal(
                mark.Category.ToWord(), mark.Unit, taken.Length, taken[taken.Length / 2], taken[^1], mark.Mark, taken.Count(value => value <= mark.Mark));
    }
}
