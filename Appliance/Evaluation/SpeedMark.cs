using Appliance.Detector.Detectors;

namespace Appliance.Evaluation;

/// <summary>How soon a kind of attack is to be called, in the unit that matters for it.</summary>
internal sealed record SpeedMark(Category Category, string Unit, double Mark)
{
    private const string Seconds = "seconds";

    /// <summary>The figures that the product is held to; other categories have none.</summary>
    public static IReadOnlyList<SpeedMark> All { get; } =
    [
        new(Category.Scan, "failed contacts", 5),
        new(Category.BruteForce, "tries", 6),
        new(Category.Flood, Seconds, 1),
        new(Category.Beacon, "intervals", 12),
        new(Category.Tunnel, Seconds, 60),
    ];

    public double Of(Detection detection) => Unit == Seconds ? detection.Seconds : detection.Events;
}
