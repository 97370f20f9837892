using Appliance.Logger.Alerts;
using Appliance.Logger.Storage;

namespace Appliance.Logger.Fanout;

/// <summary>What is still to be told. It is the truth, not the broker: Mosquitto loses acknowledged messages on a hard stop.</summary>
/// <remarks>
/// An entry is written by <see cref="AlertStore"/> in the transaction that stores the alert, at most one an alert, so
/// its bound is that of the store. It is cleared after the broker's acknowledgement, and comes back when the broker restarted
/// within the replay window. A crash between publishing and clearing tells the alert twice, with the same id.
/// </remarks>
internal sealed class AlertOutbox(LoggerFile file, AlertStore store, TimeProvider clock)
{
    public int Pending
    {
        get
        {
            lock (file.ReadLock)
            {
                return (int)(long)file.Reader.Scalar("SELECT count(*) FROM outbox")!;
            }
        }
    }

    /// <summary>The highest number given so far; 0 before the first.</summary>
    public long LastNumber
    {
        get
        {
            lock (file.ReadLock)
            {
                return file.Reader.Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") as long? ?? 0;
            }
        }
    }

    /// <summary>The oldest entries above a number.</summary>
    public IReadOnlyList<OutboxEntry> Peek(int count, long after)
    {
        lock (file.ReadLock)
        {
            using var statement = file.Reader.Statement(
                $"SELECT {AlertRow.Columns}, sequence FROM outbox JOIN alert ON alert.id = outbox.alert_id WHERE sequence > $after ORDER BY sequence LIMIT $count",
                ("$count", count), ("$after", after));
            using var rows = statement.ExecuteReader();
            var entries = new List<OutboxEntry>();
            while (rows.Read())
            {
                entries.Add(new OutboxEntry(rows.GetInt64(rows.FieldCount - 1), AlertRow.Read(rows)));
            }

            return entries;
        }
    }

    /// <summary>Clears entries that the broker acknowledged, in one transaction.</summary>
    public void Clear(IReadOnlyList<OutboxEntry> entries)
    {
        long now = clock.GetUtcNow().UtcTicks;
        lock (file.WriteLock)
        {
            using var transaction = file.Writer.BeginTransaction();
            foreach (var entry in entries)
            {
                file.Writer.Run("DELETE FROM outbox WHERE sequence = $number", ("$number", entry.Number));
                file.Writer.Run(
                    "UPDATE alert SET told_time = $now, publish_time = coalesce(publish_time, $now) WHERE id = $id",
                    ("$now", now), ("$id", entry.Alert.Id));
            }

            transaction.Commit();
        }

        store.Announce(entries.Where(entry => entry.Alert.PublishTime is null).Select(entry => entry.Alert.Id));
    }

    /// <summary>Brings back what was told and has not settled; returns how many.</summary>
    public int Replay()
    {
        lock (file.WriteLock)
        {
            return file.Writer.Run(
                "INSERT OR IGNORE INTO outbox (alert_id) SELECT id FROM alert WHERE told_time IS NOT NULL ORDER BY told_time");
        }
    }

    /// <summary>Notes that the broker lived on for the whole window after these were told, so that a later restart does not repeat them.</summary>
    public void Settle(TimeSpan window)
    {
        lock (file.WriteLock)
        {
            file.Writer.Run("UPDATE alert SET told_time = NULL WHERE told_time < $before", ("$before", (clock.GetUtcNow() - window).UtcTicks));
        }
    }
}
