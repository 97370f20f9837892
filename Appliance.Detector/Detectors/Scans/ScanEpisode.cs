namespace Appliance.Detector.Detectors.Scans;

/// <summary>A scan that is going on: from its decision until it was silent for an hour.</summary>
internal sealed class ScanEpisode
{
    public required Service Service { get; init; }

    public required long FirstTime { get; init; }

    public long LastTime { get; set; }

    /// <summary>Failed first contacts; a target forgotten in between counts again.</summary>
    public long FailedCount { get; set; }

    /// <summary>The count at which the picture is looked at anew.</summary>
    public long NextLook { get; set; }

    public Severity Severity { get; set; }

    public FailedContactSummary Summary { get; set; }
}
