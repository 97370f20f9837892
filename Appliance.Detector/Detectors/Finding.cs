using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors;

/// <summary>What a detector has just concluded; a value, since a flood makes thousands a second.</summary>
public readonly record struct Finding
{
    /// <summary>Name of the detector, for example "threshold-random-walk".</summary>
    public required string Detector { get; init; }

    public required Category Category { get; init; }

    public required Severity Severity { get; init; }

    public required Suspect Source { get; init; }

    /// <summary>Of the source's frames; empty when unknown.</summary>
    public MacAddress SourceMac { get; init; }

    /// <summary>The source completed a return path, so that its address cannot be forged.</summary>
    public bool IsSourceConfirmed { get; init; }

    public Service Service { get; init; }

    /// <summary>ATT&amp;CK technique, for example "T1046".</summary>
    public required string Technique { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The capture's clock.</summary>
    public required long Time { get; init; }

    /// <summary>Time of the first piece of evidence.</summary>
    public required long FirstTime { get; init; }

    /// <summary>Pieces of evidence that no earlier finding of this detector has counted.</summary>
    public required long NewEvents { get; init; }
}
