using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Alerts;

/// <summary>One revision of something that people should know.</summary>
public sealed record Alert
{
    /// <summary>ULID, 26 characters; the same for every revision.</summary>
    public required string Id { get; init; }

    /// <summary>Given by the store; 0 before.</summary>
    public long Revision { get; init; }

    /// <summary>The capture's clock when it was raised.</summary>
    public required DateTimeOffset Time { get; init; }

    public required Category Category { get; init; }

    public required Severity Severity { get; init; }

    public required Suspect Source { get; init; }

    /// <summary>Empty when unknown.</summary>
    public MacAddress SourceMac { get; init; }

    /// <summary>The source completed a return path, so that its address cannot be forged.</summary>
    public bool IsSourceConfirmed { get; init; }

    /// <summary>At most 32, as text, in the order in which they were seen.</summary>
    public required IReadOnlyList<string> Destinations { get; init; }

    /// <summary>None when there is no one service.</summary>
    public Service Service { get; init; }

    public required string Technique { get; init; }

    public required double Confidence { get; init; }

    public required AlertEvidence Evidence { get; init; }

    public required IReadOnlyList<Explanation> Explanations { get; init; }

    public required string Detector { get; init; }

    /// <summary>Identity of who has seen it; null before.</summary>
    public string? Acknowledger { get; init; }

    public DateTimeOffset? AcknowledgeTime { get; init; }
}
