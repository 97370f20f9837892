using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Devices;

/// <summary>The file that the inventory outlives a crash in.</summary>
internal sealed partial class DeviceDatabase : IDisposable
{
    public const string FileName = "devices.db";

    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS devices (
            mac INTEGER PRIMARY KEY, name TEXT NOT NULL, state INTEGER NOT NULL, policy INTEGER NOT NULL, edition INTEGER NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS addresses (
            mac INTEGER NOT NULL, place INTEGER NOT NULL, address BLOB NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
            PRIMARY KEY (mac, place)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS traits (
            mac INTEGER NOT NULL, place INTEGER NOT NULL, source INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (mac, place)) WITHOUT ROWID;
        """;

    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;

    public DeviceDatabase(NodePaths paths, TimeProvider clock, ILogger<DeviceDatabase> logger)
    {
        var path = Path.Combine(paths.State, FileName);
        try
        {
            _connection = Open(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            // Devices show themselves again; only what people said of them is lost, and the file is kept for a look.
            var kept = $"{path}.damaged-{clock.GetUtcNow():yyyyMMddHHmmss}";
            File.Move(path, kept, overwrite: true);
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            LogDamaged(logger, error, path, kept);
            _connection = Open(path);
        }
    }

    /// <summary>Runs reads and writes in one transaction, durable when this returns.</summary>
    public T Run<T>(Func<SqliteCommand, T> work)
    {
        lock (_turn)
        {
            using var transaction = _connection.BeginTransaction();
            using var command = _connection.CreateCommand();
            command.Transaction = transaction;
            var result = work(command);
            transaction.Commit();
            return result;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA quick_check;";
            command.ExecuteNonQuery();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The inventory in {Path} was unreadable; the file is kept as {Kept} and a new one begun.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
