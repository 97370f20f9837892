using Microsoft.Data.Sqlite;

namespace Appliance.Hosting.Audit;

/// <summary>The one table of an audit file, which only grows.</summary>
internal static class AuditTable
{
    // REPLACE removes a row without the delete trigger (lang_conflict.html), so a row that is not the next one is refused before that.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS audit (
            sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
            reason TEXT NOT NULL, allowed INTEGER NOT NULL, hash BLOB NOT NULL);
        CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
        CREATE TRIGGER IF NOT EXISTS audit_is_not_removed BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'an audit entry is never removed'); END;
        CREATE TRIGGER IF NOT EXISTS audit_only_grows BEFORE INSERT ON audit
            WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
            BEGIN SELECT RAISE(ABORT, 'an audit entry only comes after the last'); END;
        """;

    // Nobody else has reason to write here, so a lock is a fault and the caller is told soon.
    private const int BusySeconds = 2;

    private const string Columns = "sequence, time, actor, action, subject, reason, allowed, hash";

    /// <summary>What was committed is on the medium: WAL with synchronous=FULL.</summary>
    public static SqliteConnection Open(string path)
    {
        // Pooling would keep the file open after Dispose.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
            Run(connection, Schema);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>For a look at a file that another process may be writing, or a copy of one.</summary>
    public static SqliteConnection OpenToRead(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Append(SqliteConnection connection, IReadOnlyList<AuditEntry> entries)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO audit ({Columns}) VALUES ($sequence, $time, $actor, $action, $subject, $reason, $allowed, $hash)";
        foreach (var entry in entries)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$sequence", entry.Sequence);
            command.Parameters.AddWithValue("$time", entry.Time.UtcTicks);
            command.Parameters.AddWithValue("$actor", entry.Actor);
            command.Parameters.AddWithValue("$action", entry.Action);
            command.Parameters.AddWithValue("$subject", entry.Subject);
            command.Parameters.AddWithValue("$reason", entry.Reason);
            command.Parameters.AddWithValue("$allowed", entry.Allowed ? 1 : 0);
            command.Parameters.AddWithValue("$hash", entry.Hash.ToArray());
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>All entries from the first to the last.</summary>
    public static IEnumerable<AuditEntry> ReadAll(SqliteConnection connection) => Read(connection, $"SELECT {Columns} FROM audit ORDER BY sequence", limit: -1);

    /// <summary>The last entries, oldest first.</summary>
    public static IEnumerable<AuditEntry> ReadLast(SqliteConnection connection, int limit) =>
        Read(connection, $"SELECT {Columns} FROM (SELECT * FROM audit ORDER BY sequence DESC LIMIT $limit) ORDER BY sequence", limit);

    private static IEnumerable<AuditEntry> Read(SqliteConnection connection, string text, int limit)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Both texts are constants of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$limit", limit);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            yield return new AuditEntry(
                row.GetInt64(0),
                new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetInt64(6) != 0,
                row.GetFieldValue<byte[]>(7));
        }
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
