using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Site.Enrollment;

/// <summary>The file of requests, issued certificates and revocations, in mode 0600; what was written is on the medium.</summary>
internal sealed partial class EnrollmentDatabase : IDisposable
{
    public const string FileName = "enrollment.db";

    // A token's id is there once, whoever comes with it: that is what makes it work for one key.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS requests (
            id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, site TEXT NOT NULL, node TEXT NOT NULL, role TEXT NOT NULL, state INTEGER NOT NULL,
            key BLOB NOT NULL, sha256 BLOB NOT NULL, source TEXT NOT NULL, created INTEGER NOT NULL, token_end INTEGER NOT NULL, hosts TEXT NOT NULL,
            certificate BLOB, handed_out INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS issued (serial TEXT PRIMARY KEY, identity TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS revoked (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, serial TEXT NOT NULL UNIQUE, identity TEXT NOT NULL, reason TEXT NOT NULL, created INTEGER NOT NULL);
        """;

    private readonly StateFile _file;

    public EnrollmentDatabase(NodePaths paths, TimeProvider clock, ILogger<EnrollmentDatabase> logger)
    {
        var path = Path.Combine(paths.State, FileName);
        if (!File.Exists(path))
        {
            // SQLite gives its journals the mode of the file that it finds.
            PrivateFiles.WriteSecret(path, "");
        }

        // What was revoked is in the list of every node as well; open requests are asked again.
        _file = new StateFile(path, Schema, clock, (error, kept) => LogDamaged(logger, error, path, kept));
    }

    /// <summary>Runs reads and writes in one transaction, durable when this returns.</summary>
    public T Run<T>(Func<SqliteCommand, T> work) => _file.Run(work);

    /// <summary>Runs one read.</summary>
    public T Read<T>(Func<SqliteCommand, T> work) => _file.Read(work);

    public void Dispose() => _file.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "Requests and certificates in {Path} were unreadable; the file is kept as {Kept}. Tokens that were used before would be taken again.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
