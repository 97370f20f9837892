using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>The file that blocks, their history and protected addresses outlive a crash in.</summary>
/// <remarks>SQLite rather than a rewritten JSON file: one block costs one page, not the whole list, and history can be asked.</remarks>
internal sealed partial class RuleDatabase : IDisposable
{
    public const string FileName = "rules.db";

    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS blocks (
            id TEXT PRIMARY KEY, kind INTEGER NOT NULL, address BLOB NOT NULL, action INTEGER NOT NULL, rate INTEGER NOT NULL,
            reason TEXT NOT NULL, alert TEXT NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
            dry_run INTEGER NOT NULL, ended INTEGER, end_cause INTEGER);
        CREATE INDEX IF NOT EXISTS blocks_target ON blocks (kind, address, action, ended);
        CREATE INDEX IF NOT EXISTS blocks_ended ON blocks (ended);
        CREATE TABLE IF NOT EXISTS answers (alert TEXT NOT NULL, block TEXT NOT NULL, PRIMARY KEY (alert, block)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS answers_block ON answers (block);
        CREATE TABLE IF NOT EXISTS requests (
            creator TEXT NOT NULL, request TEXT NOT NULL, resource TEXT NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (creator, request)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS protected (id TEXT PRIMARY KEY, network TEXT NOT NULL UNIQUE, reason TEXT NOT NULL);
        """;

    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;

    public RuleDatabase(NodePaths paths, TimeProvider clock, ILogger<RuleDatabase> logger)
    {
        var path = Path.Combine(paths.State, FileName);
        try
        {
            _connection = Open(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            // Losing blocks is better than a gateway that does not start; the file is kept for a look.
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Blocks in {Path} were unreadable; the file is kept as {Kept} and a new one begun.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
