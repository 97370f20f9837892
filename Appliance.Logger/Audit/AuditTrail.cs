using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Logger.Storage;
using Microsoft.Data.Sqlite;

namespace Appliance.Logger.Audit;

/// <summary>The changes of all roles as the Logger heard of them: a copy that the changing role can't rewrite.</summary>
internal sealed class AuditTrail(LoggerFile file)
{
    private const string Columns = "position, role, sequence, time, actor, action, subject, reason, allowed, hash";

    /// <summary>Newest first.</summary>
    public IReadOnlyList<TrailEntry> List(AuditQuery query)
    {
        lock (file.ReadLock)
        {
            using var statement = file.Reader.Statement(
                $"""
                SELECT {Columns} FROM audit
                WHERE ($actor IS NULL OR actor = $actor) AND ($role IS NULL OR role = $role)
                    AND ($start IS NULL OR time >= $start) AND ($end IS NULL OR time < $end)
                    AND ($after_time IS NULL OR (time, position) < ($after_time, $after_position))
                ORDER BY time DESC, position DESC LIMIT $limit
                """,
                ("$actor", query.Actor), ("$role", query.Role?.Word()), ("$start", query.Start?.UtcTicks), ("$end", query.End?.UtcTicks),
                ("$after_time", query.After?.Time.UtcTicks), ("$after_position", query.After?.Position), ("$limit", query.Limit));
            return ReadAll(statement);
        }
    }

    /// <summary>Puts an entry to the others in the caller's transaction; false when it is there already. The fault says where the role's chain does not hold.</summary>
    public static bool TryPut(SqliteConnection connection, Role role, AuditEntry entry, out string? fault)
    {
        var same = HashesAt(connection, role, entry.Sequence);
        fault = null;
        if (same.Exists(hash => hash.AsSpan().SequenceEqual(entry.Hash.Span)))
        {
            return false;
        }

        fault = same.Count > 0
            ? $"Entry {entry.Sequence} of the {role.Word()}'s audit log is not the one that was told before: the log was rewritten or begun anew."
            : Follows(connection, role, entry) ? null : $"Entry {entry.Sequence} of the {role.Word()}'s audit log does not continue the one before it.";
        connection.Run(
            """
            INSERT INTO audit (role, sequence, time, actor, action, subject, reason, allowed, hash)
            VALUES ($role, $sequence, $time, $actor, $action, $subject, $reason, $allowed, $hash)
            """,
            ("$role", role.Word()), ("$sequence", entry.Sequence), ("$time", entry.Time.UtcTicks), ("$actor", entry.Actor), ("$action", entry.Action),
            ("$subject", entry.Subject), ("$reason", entry.Reason), ("$allowed", entry.Allowed ? 1 : 0), ("$hash", entry.Hash.ToArray()));
        return true;
    }

    // An entry whose forerunner never came is taken as it is: the role's own file has the rest.
    private static bool Follows(SqliteConnection connection, Role role, AuditEntry entry)
    {
        var before = entry.Sequence == 1 ? [AuditChain.Start.ToArray()] : HashesAt(connection, role, entry.Sequence - 1);
        return before.Count == 0 || before.Exists(hash => AuditChain.Continues(hash, entry));
    }

    private static List<byte[]> HashesAt(SqliteConnection connection, Role role, long sequence)
    {
        using var statement = connection.Statement(
            "SELECT hash FROM audit WHERE role = $role AND sequence = $sequence", ("$role", role.Word()), ("$sequence", sequence));
        using var row = statement.ExecuteReader();
        var hashes = new List<byte[]>();
        while (row.Read())
        {
            hashes.Add(row.GetFieldValue<byte[]>(0));
        }

        return hashes;
    }

    private static List<TrailEntry> ReadAll(SqliteCommand statement)
    {
        using var row = statement.ExecuteReader();
        var entries = new List<TrailEntry>();
        while (row.Read())
        {
            entries.Add(new TrailEntry(
                row.GetInt64(0),
                Enum.GetValues<Role>().Single(role => role.Word() == row.GetString(1)),
                new AuditEntry(
                    row.GetInt64(2), new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero), row.GetString(4), row.GetString(5),
                    row.GetString(6), row.GetString(7), row.GetInt64(8) != 0, row.GetFieldValue<byte[]>(9))));
        }

        return entries;
    }
}
