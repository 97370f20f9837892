using System.Text.Json.Serialization;

namespace Appliance.Logger.Fanout;

/// <summary>The JSON object of the summary topic; only state and site are there when it is "offline".</summary>
internal sealed record SummaryLine(
    string State,
    string Site,
    DateTimeOffset? Time,
    IReadOnlyDictionary<string, int>? Open,
    IReadOnlyList<SummaryNode>? Nodes)
{
    [JsonPropertyOrder(-1)]
    public int Schema { get; } = 1;
}
