using Microsoft.Data.Sqlite;

namespace Appliance.Hosting.Audit;

/// <summary>Follows a chain from its first entry to its last.</summary>
public static class AuditVerification
{
    /// <summary>Looks at a file, also while its role runs; changes nothing.</summary>
    public static AuditVerdict OfFile(string path)
    {
        if (!File.Exists(path))
        {
            return new AuditVerdict(0, AuditChain.Start, $"{path} does not exist");
        }

        try
        {
            using var connection = AuditTable.OpenToRead(path);
            return Of(AuditTable.ReadAll(connection));
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return new AuditVerdict(0, AuditChain.Start, $"{path} cannot be read: {error.Message}");
        }
    }

    /// <summary>Entries in the order of their sequence.</summary>
    public static AuditVerdict Of(IEnumerable<AuditEntry> entries)
    {
        var (count, before) = (0L, AuditChain.Start);
        foreach (var entry in entries)
        {
            if (entry.Sequence != count + 1)
            {
                return new AuditVerdict(count, before, $"entry {count + 1} is missing; the next one is {entry.Sequence}");
            }

            if (!AuditChain.Continues(before.Span, entry))
            {
                return new AuditVerdict(count, before, $"entry {entry.Sequence} of {entry.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z is not the one that was written");
            }

            (count, before) = (entry.Sequence, entry.Hash);
        }

        return new AuditVerdict(count, before, Fault: null);
    }

    // What a changed file can hold: no database, a column of another type, a time beyond the calendar.
    internal static bool IsUnreadable(Exception error) => error is SqliteException or InvalidCastException or ArgumentOutOfRangeException or InvalidOperationException;
}
