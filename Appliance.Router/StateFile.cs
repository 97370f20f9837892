using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;

namespace Appliance.Router;

/// <summary>A SQLite file that what the Router has decided or learned outlives a crash in.</summary>
/// <remarks>A damaged one is put aside for a look and a new one begun: a gateway that does not start would be the greater loss.</remarks>
internal sealed class StateFile : IDisposable
{
    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;

    // tellDamaged gets the fault, and where the damaged file is kept.
    public StateFile(string path, string schema, TimeProvider clock, Action<Exception, string> tellDamaged)
    {
        try
        {
            _connection = Open(path, schema);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            var kept = $"{path}.damaged-{clock.GetUtcNow():yyyyMMddHHmmss}";
            File.Move(path, kept, overwrite: true);
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            // An empty file is a new database; whoever could not read the old one can't read this one.
            PrivateFiles.WriteEmptyLike(path, kept);
            tellDamaged(error, kept);
            _connection = Open(path, schema);
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

    private static SqliteConnection Open(string path, string schema)
    {
        // Pooling would keep the file open after Dispose.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA quick_check;";
            command.ExecuteNonQuery();
#pragma warning disable CA2100 // Every schema is a constant of its owner.
            command.CommandText = schema;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
