using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Site;

/// <summary>The file of accounts and sessions, in mode 0600. The router and `appliance accounts` may have it open at once.</summary>
internal sealed partial class AccountDatabase : IDisposable
{
    public const string FileName = "accounts.db";

    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, kind TEXT NOT NULL, hash TEXT NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS sessions (
            id TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, started INTEGER NOT NULL, expires INTEGER NOT NULL, node TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;

    public AccountDatabase(string folder, TimeProvider clock, ILogger logger)
    {
        PrivateFiles.CreateFolder(folder);
        var path = Path.Combine(folder, FileName);
        try
        {
            _connection = Open(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            // Nobody can sign in until accounts are added again; the gateway itself must start all the same.
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

    /// <summary>Runs one read.</summary>
    public T Read<T>(Func<SqliteCommand, T> work)
    {
        lock (_turn)
        {
            using var command = _connection.CreateCommand();
            return work(command);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Open(string path)
    {
        if (!File.Exists(path))
        {
            // SQLite gives its journals the mode of the file that it finds.
            PrivateFiles.WriteSecret(path, "");
        }

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

    [LoggerMessage(Level = LogLevel.Error, Message = "Accounts in {Path} were unreadable; the file is kept as {Kept}. Nobody can sign in until 'appliance accounts add' was run.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
