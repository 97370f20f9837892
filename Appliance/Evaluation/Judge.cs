using Appliance.Detector.Detectors;

namespace Appliance.Evaluation;

/// <summary>Compares alarms with the truth; the product and the baselines are measured by the same rule.</summary>
/// <remarks>
/// A false alarm is an alert of severity medium or above that the capture does not deserve: any on a benign one; on an
/// attack, one of a category that is not accepted, or one that people saw before the attack had begun. One alert counts
/// once, however often it grew, and an alert that was false cannot become a detection by growing.
/// </remarks>
internal static class Judge
{
    private const double NanosecondsPerSecond = 1e9;

    public static Verdict Decide(ManifestEntry entry, long firstPacket, IReadOnlyList<Alarm> alarms)
    {
        var start = entry.Window?.Start ?? firstPacket;
        var falseCount = FalseKeys(entry, start, alarms).Count;
        return FirstHit(entry, start, alarms) is { } first
            ? new Verdict(
                Detected: true,
                first.Category == Category.None ? null : first.Category.ToWord(),
                Math.Round((first.Time - start) / NanosecondsPerSecond, 6),
                falseCount)
            : new Verdict(Detected: false, null, null, falseCount);
    }

    /// <summary>The alarm that called the attack; null when none did.</summary>
    public static Alarm? FirstHit(ManifestEntry entry, long start, IReadOnlyList<Alarm> alarms)
    {
        var falseKeys = FalseKeys(entry, start, alarms);
        var hits = alarms
            .Where(alarm => entry.Expectation.Accepts(alarm.Category) && alarm.Severity >= Bar(alarm.Category))
            .Where(alarm => alarm.Time >= start && !falseKeys.Contains(alarm.Key))
            .ToArray();
        return hits.Length == 0 ? null : hits.MinBy(alarm => alarm.Time);
    }

    private static HashSet<string> FalseKeys(ManifestEntry entry, long start, IReadOnlyList<Alarm> alarms) => alarms
        .Where(alarm => alarm.Severity >= Severity.Medium && (!entry.Expectation.Accepts(alarm.Category) || alarm.Time < start))
        .Select(alarm => alarm.Key)
        .ToHashSet(StringComparer.Ordinal);

    // Without a learned normal these three are at most low (the contract of `analyze`).
    private static Severity Bar(Category category) =>
        category is Category.Beacon or Category.Policy or Category.Anomaly ? Severity.Low : Severity.Medium;
}
