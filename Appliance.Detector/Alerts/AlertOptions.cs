using System.ComponentModel.DataAnnotations;

namespace Appliance.Detector.Alerts;

/// <summary>How long an alert gathers evidence, and how many are kept.</summary>
public sealed class AlertOptions
{
    public const string Section = "Detector:Alerts";

    /// <summary>Evidence that comes later than this after the last one opens another alert.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan OpenTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An alert that only grows is told of again this often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RevisionInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Alerts that gather evidence at once; beyond it the one silent for longest is closed.</summary>
    [Range(16, 65_536)]
    public int OpenAlerts { get; set; } = 4_096;

    /// <summary>Alerts kept on disk; the oldest are dropped (about 1 KB each).</summary>
    [Range(100, 1_000_000)]
    public int RetainedAlerts { get; set; } = 10_000;

    /// <summary>A watcher that takes nothing for so long is cut off; it may come back with its last revision.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SlowWatcherTime { get; set; } = TimeSpan.FromSeconds(30);
}
