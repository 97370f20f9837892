using System.Globalization;
using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;

namespace Appliance.Detector.Alerts;

/// <summary>The Detector's SQLite file; a commit is on the medium when it returns (WAL, synchronous=FULL).</summary>
internal sealed class AlertFile : IDisposable
{
    public const string Name = "alerts.db";

    private const long SchemaVersion = 1;
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NotADatabase = 26; // SQLITE_NOTADB

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS alerts (
            id TEXT PRIMARY KEY,
            revision INTEGER NOT NULL UNIQUE,
            last_time INTEGER NOT NULL,
            body TEXT NOT NULL,
            acknowledger TEXT,
            acknowledge_time INTEGER) STRICT;
        CREATE INDEX IF NOT EXISTS alerts_by_last_time ON alerts (last_time);
        CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private readonly string _path;

    public AlertFile(string path, TimeProvider clock)
    {
        _path = path;
        PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!IsSound())
        {
            SetAside(clock.GetUtcNow());
        }

        Writer = Open();
        Reader = Open();
    }

    /// <summary>The only connection that writes; its user holds <see cref="WriteLock"/>.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>Never waits for the writer (WAL); its user holds <see cref="ReadLock"/>.</summary>
    public SqliteConnection Reader { get; }

    public Lock WriteLock { get; } = new();

    public Lock ReadLock { get; } = new();

    /// <summary>Where a damaged file of before was put; null when it was sound.</summary>
    public string? SetAsidePath { get; private set; }

    public void Dispose()
    {
        lock (WriteLock)
        {
            lock (ReadLock)
            {
                Reader.Dispose();
                Writer.Dispose();
            }
        }
    }

    public static SqliteCommand Command(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this folder.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private bool IsSound()
    {
        if (!File.Exists(_path))
        {
            return true;
        }

        try
        {
            using var connection = Connect();
            using var check = Command(connection, "PRAGMA quick_check(1)");
            return check.ExecuteScalar() is "ok";
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return false;
        }
    }

    // Alerts go on being told after a power cut has torn the file; the torn one is kept for whoever wants to look.
    private void SetAside(DateTimeOffset now)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{_path}.damaged-{now:yyyyMMdd'T'HHmmss}");
        foreach (var part in (ReadOnlySpan<string>)[string.Empty, "-wal", "-shm"])
        {
            if (File.Exists(_path + part))
            {
                File.Move(_path + part, aside + part, overwrite: true);
            }
        }

        SetAsidePath = aside;
    }

    private SqliteConnection Open()
    {
        var connection = Connect();
        try
        {
            using var version = Command(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA user_version;");
            var found = Version(version);
            if (found > SchemaVersion)
            {
                throw new InvalidOperationException(
                    $"{_path} has schema {found}, this program knows up to {SchemaVersion}; start the newer program or move the file away.");
            }

            using var schema = Command(connection, Schema + "PRAGMA user_version=1;");
            schema.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static long Version(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var version = 0L;
        do
        {
            while (rows.Read())
            {
                // The last result is user_version; journal_mode's is a text.
                version = rows.GetFieldType(0) == typeof(long) ? rows.GetInt64(0) : version;
            }
        }
        while (rows.NextResult());
        return version;
    }

    // Pooling would keep the file open after Dispose.
    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
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
}
