using System.Text.Json;
using System.Text.Json.Serialization;
using Appliance.Logger.Alerts;

namespace Appliance.Logger.Export;

/// <summary>The one JSON form of an alert: what `analyze` prints, MQTT carries and exports write, one object a line.</summary>
/// <remarks>Field names and their order are a contract; a change raises <see cref="Schema"/>.</remarks>
public sealed record AlertLine(
    string Id,
    DateTimeOffset Time,
    string Category,
    string Severity,
    string Source,
    IReadOnlyList<string> Destinations,
    string Service,
    string Technique,
    double Confidence,
    AlertEvidence Evidence,
    IReadOnlyList<AlertExplanation> Explanation,
    string Action)
{
    public const int MaxDestinations = 32;
    private const int MaxWord = 64;
    private const int MaxText = 1024;

    [JsonPropertyOrder(-1)]
    public int Schema { get; } = 1;

    public static AlertLine From(StoredAlert alert) => new(
        alert.Id,
        alert.Time,
        alert.Category,
        alert.Severity,
        alert.Source,
        alert.Destinations,
        alert.Service,
        alert.Technique,
        alert.Confidence,
        alert.Evidence,
        alert.Explanations,
        AlertWords.Of(alert.Action));

    /// <summary>One line without its end; ASCII, whatever the alert's text holds.</summary>
    public string ToJson() => JsonSerializer.Serialize(Harmless(), AlertLineJson.Default.AlertLine);

    /// <summary>The same as UTF-8.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(Harmless(), AlertLineJson.Default.AlertLine);

    // JSON escapes control characters, but a reader that prints the text would still obey them.
    private AlertLine Harmless() => this with
    {
        Source = HostileText.Clean(Source, MaxWord),
        Destinations = [.. Destinations.Take(MaxDestinations).Select(destination => HostileText.Clean(destination, MaxWord))],
        Service = HostileText.Clean(Service, MaxWord),
        Explanation = [.. Explanation.Select(Harmless)],
    };

    private static AlertExplanation Harmless(AlertExplanation one) =>
        one with { Feature = HostileText.Clean(one.Feature, MaxWord), Text = HostileText.Clean(one.Text, MaxText) };
}
