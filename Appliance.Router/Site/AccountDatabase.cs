using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Site;

/// <summary>The file of accounts and sessions, in mode 0600. The router and `appliance accounts` may have it open at once.</summary>
internal sealed partial class AccountDatabase : IDisposable
{
    public const string FileName = "accounts.db";

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, kind TEXT NOT NULL, hash TEXT NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS sessions (
            id TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, started INTEGER NOT NULL, expires INTEGER NOT NULL, node TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS session_sources (id TEXT PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly StateFile _file;

    public AccountDatabase(string folder, TimeProvider clock, ILogger logger)
    {
        PrivateFiles.CreateFolder(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            // SQLite gives its journals the mode of the file that it finds.
            PrivateFiles.WriteSecret(path, "");
        }

        // Nobody can sign in until accounts are added again when it is lost.
        _file = new StateFile(path, Schema, clock, (error, kept) => LogDamaged(logger, error, path, kept));
    }

    /// <summary>Runs reads and writes in one transaction, durable when this returns.</summary>
    public T Run<T>(Func<SqliteCommand, T> work) => _file.Run(work);

    /// <summary>Runs one read.</summary>
    public T Read<T>(Func<SqliteCommand, T> work) => _file.Read(work);

    public void Dispose() => _file.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "Accounts in {Path} were unreadable; the file is kept as {Kept}. Nobody can sign in until 'appliance accounts add' was run.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
