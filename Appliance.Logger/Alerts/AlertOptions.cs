using System.ComponentModel.DataAnnotations;

namespace Appliance.Logger.Alerts;

/// <summary>How many alerts are kept, and for how long.</summary>
internal sealed class AlertOptions
{
    public const string Section = "Logger:Alerts";

    /// <summary>About 1 kB each, so the default takes 100 MB at most.</summary>
    [Range(100, 10_000_000)]
    public int MaxAlerts { get; set; } = 100_000;

    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>An alert without new evidence for this long is no longer open; the Detector closes it then, too.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromHours(1);
}
