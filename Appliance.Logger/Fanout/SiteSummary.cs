using System.Text.Json;
using Appliance.Hosting;
using Appliance.Logger.Alerts;
using Appliance.Logger.Site;

namespace Appliance.Logger.Fanout;

/// <summary>The retained summary of a site: open alerts by severity, and the state of each role as the Logger sees it.</summary>
internal sealed class SiteSummary(AlertStore store, NodeStates nodes, FanoutSettings settings)
{
    /// <summary>What stands in its place once the Logger is gone; the broker publishes it as the last will.</summary>
    public BrokerMessage Offline => Message(new SummaryLine("offline", settings.Site, Time: null, Open: null, Nodes: null));

    /// <summary>The summary now; it is the same text as before when nothing changed since.</summary>
    public BrokerMessage Now(DateTimeOffset changeTime) => Message(new SummaryLine(
        "online",
        settings.Site,
        changeTime,
        store.CountBySeverity(),
        [.. nodes.Snapshot.Select(node => new SummaryNode(node.Role.Word(), Word(node.Condition), node.Since))]));

    private BrokerMessage Message(SummaryLine line) =>
        new(settings.Topics.Summary, JsonSerializer.SerializeToUtf8Bytes(line, SummaryJson.Default.SummaryLine), Retain: true);

    private static string Word(NodeCondition condition) => condition switch
    {
        NodeCondition.Up => "up",
        NodeCondition.Degraded => "degraded",
        NodeCondition.Down => "down",
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "No word for this condition."),
    };
}
