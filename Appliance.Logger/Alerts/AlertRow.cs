using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Appliance.Logger.Alerts;

/// <summary>A stored alert as columns of the table `alert`.</summary>
internal static class AlertRow
{
    public const string Columns = """
        id, revision, time, category, severity, source, destinations, service, technique, confidence, events, first_time, last_time,
        explanations, detector, source_confirmed, source_mac, acknowledger, acknowledge_time, action, store_time, publish_time
        """;

    // Action, store time and publish time are the Logger's own: a new revision leaves them.
    public const string Upsert = $"""
        INSERT INTO alert ({Columns})
        VALUES ($id, $revision, $time, $category, $severity, $source, $destinations, $service, $technique, $confidence, $events, $first, $last,
            $explanations, $detector, $confirmed, $mac, $acknowledger, $acknowledged,
            coalesce((SELECT action FROM response WHERE alert_id = $id), 0), $stored, NULL)
        ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, time = excluded.time, category = excluded.category,
            severity = excluded.severity, source = excluded.source, destinations = excluded.destinations, service = excluded.service,
            technique = excluded.technique, confidence = excluded.confidence, events = excluded.events, first_time = excluded.first_time,
            last_time = excluded.last_time, explanations = excluded.explanations, detector = excluded.detector,
            source_confirmed = excluded.source_confirmed, source_mac = excluded.source_mac, acknowledger = excluded.acknowledger,
            acknowledge_time = excluded.acknowledge_time
        """;

    public static (string Name, object? Value)[] Values(StoredAlert alert, DateTimeOffset storeTime) =>
    [
        ("$id", alert.Id), ("$revision", alert.Revision), ("$time", alert.Time.UtcTicks), ("$category", alert.Category),
        ("$severity", AlertWords.Rank(alert.Severity)), ("$source", alert.Source),
        ("$destinations", JsonSerializer.Serialize(alert.Destinations, AlertRowJson.Default.IReadOnlyListString)),
        ("$service", alert.Service), ("$technique", alert.Technique), ("$confidence", alert.Confidence),
        ("$events", alert.Evidence.Events), ("$first", alert.Evidence.First.UtcTicks), ("$last", alert.Evidence.Last.UtcTicks),
        ("$explanations", JsonSerializer.Serialize(alert.Explanations, AlertRowJson.Default.IReadOnlyListAlertExplanation)),
        ("$detector", alert.Detector), ("$confirmed", alert.SourceConfirmed ? 1 : 0), ("$mac", alert.SourceMac),
        ("$acknowledger", alert.Acknowledger), ("$acknowledged", alert.AcknowledgeTime?.UtcTicks), ("$stored", storeTime.UtcTicks),
    ];

    public static StoredAlert Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        Time(row, 2),
        row.GetString(3),
        AlertWords.Severities[row.GetInt32(4)],
        row.GetString(5),
        JsonSerializer.Deserialize(row.GetString(6), AlertRowJson.Default.IReadOnlyListString)!,
        row.GetString(7),
        row.GetString(8),
        row.GetDouble(9),
        new AlertEvidence(row.GetInt64(10), Time(row, 11), Time(row, 12)),
        JsonSerializer.Deserialize(row.GetString(13), AlertRowJson.Default.IReadOnlyListAlertExplanation)!,
        row.GetString(14),
        (AlertAction)row.GetInt32(19),
        Time(row, 20),
        row.IsDBNull(21) ? null : Time(row, 21))
    {
        SourceConfirmed = row.GetInt64(15) != 0,
        SourceMac = row.GetString(16),
        Acknowledger = row.GetString(17),
        AcknowledgeTime = row.IsDBNull(18) ? null : Time(row, 18),
    };

    private static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
