using Appliance.Logger.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Alerts;

/// <summary>The alerts that the Logger remembers; what it returned once it returns after a restart, too.</summary>
internal sealed class AlertStore
{
    /// <summary>Maker of the alerts that the Logger raises itself; their revisions are no place in the Detector's.</summary>
    public const string OwnDetector = "events";

    private const string DetectorCursor = "detector";
    private readonly LoggerFile _file;
    private readonly AlertOptions _options;
    private readonly TimeProvider _clock;
    private readonly AlertMeter _meter;
    private readonly AlertChanges _changes;

    public AlertStore(LoggerFile file, IOptions<AlertOptions> options, TimeProvider clock, AlertMeter meter)
    {
        (_file, _options, _clock, _meter) = (file, options.Value, clock, meter);
        _changes = new AlertChanges(_ => meter.WatcherDrops.Add(1));
    }

    /// <summary>The Detector's last revision that is on disk here; watching goes on behind it.</summary>
    public long LastRevision
    {
        get
        {
            lock (_file.ReadLock)
            {
                return _file.Reader.Scalar("SELECT revision FROM cursor WHERE source = $source", ("$source", DetectorCursor)) as long? ?? 0;
            }
        }
    }

    /// <summary>The alert of that revision; null when it is not here (any more) or could not be read.</summary>
    public string? LastAlertId
    {
        get
        {
            lock (_file.ReadLock)
            {
                return _file.Reader.Scalar(
                    "SELECT id FROM alert WHERE revision = (SELECT revision FROM cursor WHERE source = $source) AND detector <> $own",
                    ("$source", DetectorCursor), ("$own", OwnDetector)) as string;
            }
        }
    }

    /// <summary>Stores alerts as they came and moves the cursor, in one transaction; they are on disk when it returns.</summary>
    /// <remarks>A revision that is already here changes nothing, so repeating is harmless.
    /// Told again is what is new, or changed its severity: growing evidence alone would be a message a second.</remarks>
    public void Store(IReadOnlyList<StoredAlert> alerts, long lastRevision)
    {
        var changed = new List<StoredAlert>(alerts.Count);
        lock (_file.WriteLock)
        {
            using var transaction = _file.Writer.BeginTransaction();
            foreach (var alert in alerts)
            {
                if (StoreOne(alert))
                {
                    changed.Add(Find(_file.Writer, alert.Id)!);
                }
            }

            MoveCursor(lastRevision);
            transaction.Commit();
        }

        _meter.Stored.Add(changed.Count);
        changed.ForEach(_changes.Publish);
    }

    /// <summary>Stores alerts of the Logger's own in one transaction with what the work writes besides.</summary>
    public void StoreBeside(Action<AlertTransaction> work)
    {
        var changed = new List<string>();
        lock (_file.WriteLock)
        {
            using var transaction = _file.Writer.BeginTransaction();
            work(new AlertTransaction(_file.Writer, id => Find(_file.Writer, id), alert =>
            {
                if (StoreOne(alert))
                {
                    changed.Add(alert.Id);
                }
            }));
            transaction.Commit();
        }

        _meter.Stored.Add(changed.Count);
        Announce(changed.Distinct());
    }

    /// <summary>Goes back to the Detector's oldest alert, for a Detector that lost its own file.</summary>
    public void ForgetCursor()
    {
        lock (_file.WriteLock)
        {
            MoveCursor(0);
        }
    }

    /// <summary>Notes what the Router did about alerts, also before they are here; never takes a stronger answer back.</summary>
    public void SetActions(IReadOnlyList<AlertResponse> responses)
    {
        var changed = new List<StoredAlert>();
        lock (_file.WriteLock)
        {
            using var transaction = _file.Writer.BeginTransaction();
            foreach (var response in responses.Where(SetOne))
            {
                changed.Add(Find(_file.Writer, response.AlertId)!);
            }

            transaction.Commit();
        }

        changed.ForEach(_changes.Publish);
    }

    /// <summary>Newest first; go on behind a page with <see cref="AlertCursor.After"/> of its last alert.</summary>
    public IReadOnlyList<StoredAlert> List(AlertQuery query)
    {
        lock (_file.ReadLock)
        {
            using var statement = AlertSelect.Statement(_file.Reader, query);
            using var rows = statement.ExecuteReader();
            var alerts = new List<StoredAlert>();
            while (rows.Read())
            {
                alerts.Add(AlertRow.Read(rows));
            }

            return alerts;
        }
    }

    public StoredAlert? Find(string id)
    {
        lock (_file.ReadLock)
        {
            return Find(_file.Reader, id);
        }
    }

    /// <summary>Changes from now on. A reader that falls 1024 behind loses the oldest ones, which are counted; the store has them all.</summary>
    public IAsyncEnumerable<StoredAlert> WatchAsync(CancellationToken token) => _changes.WatchAsync(token);

    /// <summary>Tells watchers that these alerts changed.</summary>
    public void Announce(IEnumerable<string> ids)
    {
        foreach (string id in ids)
        {
            if (Find(id) is { } alert)
            {
                _changes.Publish(alert);
            }
        }
    }

    /// <summary>Open alerts by each severity word: not acknowledged, and evidence not older than <see cref="AlertOptions.OpenFor"/>.</summary>
    public IReadOnlyDictionary<string, int> CountBySeverity()
    {
        var counts = AlertWords.Severities.ToDictionary(severity => severity, _ => 0);
        lock (_file.ReadLock)
        {
            using var statement = _file.Reader.Statement(
                "SELECT severity, count(*) FROM alert WHERE last_time > $since AND acknowledge_time IS NULL GROUP BY severity",
                ("$since", (_clock.GetUtcNow() - _options.OpenFor).UtcTicks));
            using var rows = statement.ExecuteReader();
            while (rows.Read())
            {
                counts[AlertWords.Severities[rows.GetInt32(0)]] = rows.GetInt32(1);
            }
        }

        return counts;
    }

    private static StoredAlert? Find(SqliteConnection connection, string id)
    {
        using var statement = connection.Statement($"SELECT {AlertRow.Columns} FROM alert WHERE id = $id", ("$id", id));
        using var rows = statement.ExecuteReader();
        return rows.Read() ? AlertRow.Read(rows) : null;
    }

    private bool StoreOne(StoredAlert alert)
    {
        var before = Find(_file.Writer, alert.Id);
        if (before is not null && before.Revision >= alert.Revision)
        {
            return false;
        }

        _file.Writer.Run(AlertRow.Upsert, AlertRow.Values(alert, _clock.GetUtcNow()));
        if (before is null || before.Severity != alert.Severity)
        {
            Tell(alert.Id);
        }

        return true;
    }

    // The Router tells all its blocks at each connection: what is known already writes nothing.
    private bool SetOne(AlertResponse response)
    {
        _file.Writer.Run(
            """
            INSERT INTO response (alert_id, action, store_time) VALUES ($id, $action, $time)
            ON CONFLICT (alert_id) DO UPDATE SET action = excluded.action WHERE excluded.action > action
            """,
            ("$id", response.AlertId), ("$action", (int)response.Action), ("$time", _clock.GetUtcNow().UtcTicks));
        if (_file.Writer.Run(
            "UPDATE alert SET action = $action WHERE id = $id AND action < $action",
            ("$id", response.AlertId), ("$action", (int)response.Action)) == 0)
        {
            return false;
        }

        Tell(response.AlertId);
        return true;
    }

    // An entry that waits already moves to the end with a new number, so that
    // the acknowledgement of the older text does not clear it.
    private void Tell(string alertId) =>
        _file.Writer.Run("INSERT OR REPLACE INTO outbox (alert_id) VALUES ($id)", ("$id", alertId));

    private void MoveCursor(long revision) => _file.Writer.Run(
        "INSERT OR REPLACE INTO cursor (source, revision) VALUES ($source, $revision)",
        ("$source", DetectorCursor), ("$revision", revision));
}
