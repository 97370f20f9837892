using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Devices;

/// <summary>The file that the inventory outlives a crash in.</summary>
internal sealed partial class DeviceDatabase : IDisposable
{
    public const string FileName = "devices.db";

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS devices (
            mac INTEGER PRIMARY KEY, name TEXT NOT NULL, state INTEGER NOT NULL, policy INTEGER NOT NULL, allowed TEXT NOT NULL, edition INTEGER NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS addresses (
            mac INTEGER NOT NULL, place INTEGER NOT NULL, address BLOB NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
            PRIMARY KEY (mac, place)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS traits (
            mac INTEGER NOT NULL, place INTEGER NOT NULL, source INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (mac, place)) WITHOUT ROWID;
        """;

    private readonly StateFile _file;

    public DeviceDatabase(NodePaths paths, TimeProvider clock, ILogger<DeviceDatabase> logger)
    {
        var path = Path.Combine(paths.State, FileName);
        // Devices show themselves again when it is lost; only what people said of them is gone.
        _file = new StateFile(path, Schema, clock, (error, kept) => LogDamaged(logger, error, path, kept));
    }

    /// <summary>Runs reads and writes in one transaction, durable when this returns.</summary>
    public T Run<T>(Func<SqliteCommand, T> work) => _file.Run(work);

    public void Dispose() => _file.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "The inventory in {Path} was unreadable; the file is kept as {Kept} and a new one begun.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
