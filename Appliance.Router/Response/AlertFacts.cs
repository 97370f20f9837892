namespace Appliance.Router.Response;

/// <summary>What the response needs to know of one revision of an alert.</summary>
/// <remarks>
/// Category is the contract's word, for example "brute-force"; source an IP or MAC address as text; the source's MAC
/// has six bytes or none; last seen is when its latest evidence was, on the capture's clock.
/// </remarks>
public sealed record AlertFacts(
    string Id,
    string Category,
    AlertSeverity Severity,
    double Confidence,
    string Source,
    ReadOnlyMemory<byte> SourceMac,
    bool IsSourceConfirmed,
    IReadOnlyList<string> Destinations,
    DateTimeOffset LastSeen)
{
    /// <summary>Names of the detectors that it rests on, separated by commas; empty when the Detector names none.</summary>
    public string Detector { get; init; } = "";

    /// <summary>The zone that its source is in; empty when unknown, or when nobody needs to know.</summary>
    public string Zone { get; init; } = "";
}
