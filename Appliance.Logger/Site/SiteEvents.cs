using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Logger.Alerts;
using Appliance.Logger.Audit;
using Appliance.Logger.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Site;

/// <summary>Keeps what the roles tell of themselves: changes in the audit trail, and alerts of what asks for a look.</summary>
/// <remarks>Events, alerts and the place they came from are one transaction, so a crash loses and doubles nothing.</remarks>
internal sealed partial class SiteEvents(AlertStore alerts, LoggerFile file, IOptions<AlertOptions> options, TimeProvider clock, ILogger<SiteEvents> logger)
{
    // More than all four roles hold together (4096 each), so that none is told again after it was let go; about 300 bytes each.
    // Changes are kept in the trail, and without end.
    private const int MaxEvents = 20_000;

    public EventCursor CursorOf(Role role)
    {
        lock (file.ReadLock)
        {
            using var statement = file.Reader.Statement("SELECT epoch, sequence FROM event_cursor WHERE role = $role", ("$role", role.Word()));
            using var row = statement.ExecuteReader();
            return row.Read() ? new EventCursor(row.GetString(0), (ulong)row.GetInt64(1)) : new EventCursor("", 0);
        }
    }

    /// <summary>Stores events of one role in their order; those that are here already change nothing.</summary>
    public void Store(Role role, IReadOnlyList<SiteEvent> told)
    {
        var cursor = CursorOf(role);
        if (told[0].Epoch == cursor.Epoch && told[0].Sequence > cursor.Sequence + 1)
        {
            LogMissed(told[0].Sequence - cursor.Sequence - 1, role);
        }

        alerts.StoreBeside(transaction => StoreAll(transaction, told));
    }

    private void StoreAll(AlertTransaction transaction, IReadOnlyList<SiteEvent> told)
    {
        foreach (var one in told)
        {
            if (one.Audit is { } entry ? StoreChange(transaction, one, entry) : StoreEvent(transaction.Connection, one))
            {
                Raise(transaction, one);
            }
        }

        transaction.Connection.Run(
            "INSERT OR REPLACE INTO event_cursor (role, epoch, sequence) VALUES ($role, $epoch, $sequence)",
            ("$role", told[^1].Role.Word()), ("$epoch", told[^1].Epoch), ("$sequence", (long)told[^1].Sequence));
        transaction.Connection.Run("DELETE FROM event WHERE position <= (SELECT max(position) FROM event) - $max", ("$max", MaxEvents));
    }

    // A change is told again in each epoch in which it is held, so its place in the audit log counts and not the event's.
    private bool StoreChange(AlertTransaction transaction, SiteEvent one, AuditEntry entry)
    {
        var isNew = AuditTrail.TryPut(transaction.Connection, one.Role, entry, out var fault);
        if (fault is not null)
        {
            LogChain(fault);
            Raise(transaction, one with { Part = AuditWords.Part, Severity = EventSeverity.Error, Text = fault });
        }

        return isNew;
    }

    private static bool StoreEvent(SqliteConnection connection, SiteEvent one) => connection.Run(
        """
        INSERT OR IGNORE INTO event (role, epoch, sequence, time, severity, part, text)
        VALUES ($role, $epoch, $sequence, $time, $severity, $part, $text)
        """,
        ("$role", one.Role.Word()), ("$epoch", one.Epoch), ("$sequence", (long)one.Sequence), ("$time", one.Time.UtcTicks),
        ("$severity", (int)one.Severity), ("$part", one.Part), ("$text", one.Text)) > 0;

    // One alert for each role and part while it goes on, as the Detector has one for each source and service.
    private void Raise(AlertTransaction transaction, SiteEvent one)
    {
        if (one.Severity < EventSeverity.Warning)
        {
            return;
        }

        var open = transaction.Connection.Scalar(
            """
            SELECT id FROM alert WHERE category = $category AND detector = $detector AND source = $source AND service = $service
                AND last_time > $since AND acknowledge_time IS NULL ORDER BY last_time DESC LIMIT 1
            """,
            ("$category", SystemAlerts.Category), ("$detector", AlertStore.OwnDetector), ("$source", one.Role.Word()), ("$service", one.Part),
            ("$since", one.Time.UtcTicks - options.Value.OpenFor.Ticks)) as string;
        transaction.Put(open is not null && transaction.Find(open) is { } alert ? SystemAlerts.Grow(alert, one) : SystemAlerts.Begin(one, clock.GetUtcNow()));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events of the {Role} were too old to be told when the Logger came back; its own audit log has its changes.")]
    private partial void LogMissed(ulong count, Role role);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Fault}")]
    private partial void LogChain(string fault);
}
