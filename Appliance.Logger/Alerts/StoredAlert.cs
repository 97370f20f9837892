namespace Appliance.Logger.Alerts;

/// <summary>An alert as the Detector raised it, with what became of it here.</summary>
/// <remarks>
/// The id is a ULID, the same for every revision; category and severity are words of <see cref="AlertWords"/>;
/// the publish time is when the broker first took it.
/// </remarks>
public sealed record StoredAlert(
    string Id,
    long Revision,
    DateTimeOffset Time,
    string Category,
    string Severity,
    string Source,
    IReadOnlyList<string> Destinations,
    string Service,
    string Technique,
    double Confidence,
    AlertEvidence Evidence,
    IReadOnlyList<AlertExplanation> Explanations,
    string Detector,
    AlertAction Action,
    DateTimeOffset StoreTime,
    DateTimeOffset? PublishTime)
{
    /// <summary>True when the source completed a return path, so that its address is not forged.</summary>
    public bool SourceConfirmed { get; init; }

    /// <summary>MAC of the source's frames, "02:00:00:00:00:01"; empty when unknown.</summary>
    public string SourceMac { get; init; } = "";

    /// <summary>Identity of who acknowledged it; empty until then.</summary>
    public string Acknowledger { get; init; } = "";

    public DateTimeOffset? AcknowledgeTime { get; init; }
}
