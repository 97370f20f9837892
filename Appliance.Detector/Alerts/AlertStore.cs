using System.Globalization;
using Appliance.Detector.Flows;
using Appliance.Hosting.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Appliance.Detector.Alerts;

/// <summary>All alerts by their last revision. What it shows is on disk: readers look at the file and at nothing else.</summary>
internal sealed class AlertStore(AlertFile file, IOptions<AlertOptions> options)
{
    private const string Columns = "id, revision, body, acknowledger, acknowledge_time";
    private const string RevisionFact = "revision";
    private const string EpochFact = "cursor_epoch";
    private const string SequenceFact = "cursor_sequence";
    private const string SeenFact = "seen_sequence";

    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The last revision given; it never repeats, whatever was dropped.</summary>
    public long LastRevision
    {
        get
        {
            lock (file.ReadLock)
            {
                return ReadNumber(file.Reader, RevisionFact);
            }
        }
    }

    /// <summary>Where to go on reading flow events; null for a new file.</summary>
    public FlowPlace? Place
    {
        get
        {
            lock (file.ReadLock)
            {
                var epoch = ReadFact(file.Reader, EpochFact);
                return epoch is null
                    ? null
                    : new FlowPlace(new FlowCursor(epoch, (ulong)ReadNumber(file.Reader, SequenceFact)), (ulong)ReadNumber(file.Reader, SeenFact));
            }
        }
    }

    /// <summary>Alerts and the place in the flow events that they follow from, in one transaction; on disk when it returns.</summary>
    /// <returns>Those that are new here, with their revisions.</returns>
    public IReadOnlyList<Alert> Save(IReadOnlyList<Alert> alerts, FlowPlace? place)
    {
        var raised = new List<Alert>();
        lock (file.WriteLock)
        {
            using var transaction = file.Writer.BeginTransaction();
            foreach (var alert in alerts)
            {
                var revised = alert with { Revision = NextRevision() };
                if (!Update(revised))
                {
                    Insert(revised);
                    raised.Add(revised);
                }
            }

            if (place is not null)
            {
                WriteFact(EpochFact, place.Cursor.Epoch);
                WriteFact(SequenceFact, place.Cursor.Sequence.ToString(CultureInfo.InvariantCulture));
                WriteFact(SeenFact, place.SeenSequence.ToString(CultureInfo.InvariantCulture));
            }

            if (alerts.Count > 0)
            {
                DropOldest();
            }

            transaction.Commit();
        }

        Announce(alerts.Count > 0);
        return raised;
    }

    /// <summary>Marks an alert as seen; a second time changes nothing.</summary>
    public Alert Acknowledge(string id, string acknowledger, DateTimeOffset time)
    {
        lock (file.WriteLock)
        {
            var alert = Find(file.Writer, id) ?? throw new NotFoundException("alert", id);
            if (alert.Acknowledger is not null)
            {
                return alert;
            }

            using var transaction = file.Writer.BeginTransaction();
            alert = alert with { Revision = NextRevision(), Acknowledger = acknowledger, AcknowledgeTime = time };
            using var update = AlertFile.Command(
                file.Writer,
                "UPDATE alerts SET revision = $revision, acknowledger = $acknowledger, acknowledge_time = $time WHERE id = $id",
                ("$revision", alert.Revision),
                ("$acknowledger", acknowledger),
                ("$time", Clock.Of(time)),
                ("$id", id));
            update.ExecuteNonQuery();
            transaction.Commit();
            Announce(hasChanges: true);
            return alert;
        }
    }

    /// <summary>The next alerts behind a revision, in the order of their revisions.</summary>
    public IReadOnlyList<Alert> ReadAfter(long revision, int count) => Read(
        $"SELECT {Columns} FROM alerts WHERE revision > $revision ORDER BY revision LIMIT $count",
        ("$revision", revision),
        ("$count", count));

    /// <summary>The alerts with the freshest evidence, oldest first: what may still be open.</summary>
    public IReadOnlyList<Alert> ReadFreshest(int count) => Read(
        $"SELECT {Columns} FROM (SELECT * FROM alerts ORDER BY last_time DESC LIMIT $count) ORDER BY last_time",
        ("$count", count));

    /// <summary>Completes at the next change after this call.</summary>
    public Task ChangedAsync() => Volatile.Read(ref _changed).Task;

    private List<Alert> Read(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (file.ReadLock)
        {
            using var select = AlertFile.Command(file.Reader, text, parameters);
            using var rows = select.ExecuteReader();
            var alerts = new List<Alert>();
            while (rows.Read())
            {
                alerts.Add(ReadRow(rows));
            }

            return alerts;
        }
    }

    private static Alert? Find(SqliteConnection connection, string id)
    {
        using var select = AlertFile.Command(connection, $"SELECT {Columns} FROM alerts WHERE id = $id", ("$id", id));
        using var rows = select.ExecuteReader();
        return rows.Read() ? ReadRow(rows) : null;
    }

    private static Alert ReadRow(SqliteDataReader row) => AlertRow.Read(
        row.GetString(0),
        row.GetInt64(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetInt64(4));

    // Growth never takes an acknowledgement back.
    private bool Update(Alert alert)
    {
        using var update = RowCommand("UPDATE alerts SET revision = $revision, last_time = $last, body = $body WHERE id = $id", alert);
        return update.ExecuteNonQuery() > 0;
    }

    private void Insert(Alert alert)
    {
        using var insert = RowCommand("INSERT INTO alerts (id, revision, last_time, body) VALUES ($id, $revision, $last, $body)", alert);
        insert.ExecuteNonQuery();
    }

    private SqliteCommand RowCommand(string text, Alert alert) => AlertFile.Command(
        file.Writer,
        text,
        ("$id", alert.Id),
        ("$revision", alert.Revision),
        ("$last", Clock.Of(alert.Evidence.Last)),
        ("$body", AlertRow.Write(alert)));

    private long NextRevision()
    {
        var next = ReadNumber(file.Writer, RevisionFact) + 1;
        WriteFact(RevisionFact, next.ToString(CultureInfo.InvariantCulture));
        return next;
    }

    private void DropOldest()
    {
        using var delete = AlertFile.Command(
            file.Writer,
            "DELETE FROM alerts WHERE revision <= (SELECT revision FROM alerts ORDER BY revision DESC LIMIT 1 OFFSET $count)",
            ("$count", options.Value.RetainedAlerts));
        delete.ExecuteNonQuery();
    }

    private static long ReadNumber(SqliteConnection connection, string name) =>
        long.Parse(ReadFact(connection, name) ?? "0", CultureInfo.InvariantCulture);

    private static string? ReadFact(SqliteConnection connection, string name)
    {
        using var select = AlertFile.Command(connection, "SELECT value FROM facts WHERE name = $name", ("$name", name));
        return select.ExecuteScalar() as string;
    }

    private void WriteFact(string name, string value)
    {
        using var upsert = AlertFile.Command(
            file.Writer,
            "INSERT INTO facts (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            ("$name", name),
            ("$value", value));
        upsert.ExecuteNonQuery();
    }

    private void Announce(bool hasChanges)
    {
        if (hasChanges)
        {
            Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
