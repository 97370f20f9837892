using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Storage;

/// <summary>The Logger's one SQLite file: alerts, what is still to be told, retained messages.</summary>
/// <remarks>A commit is on the medium when it returns (WAL with synchronous=FULL), so what was answered once survives a power cut.</remarks>
internal sealed partial class LoggerFile : IDisposable
{
    private const int CorruptCode = 11;
    private const int NotADatabaseCode = 26;
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger<LoggerFile> _logger;

    public LoggerFile(string path, TimeProvider clock, ILogger<LoggerFile> logger)
    {
        (_path, _clock, _logger) = (path, clock, logger);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!IsSound())
        {
            SetAside();
        }

        Writer = Open();
        Reader = Open();
    }

    /// <summary>The only connection that writes; whoever uses it holds <see cref="WriteLock"/>.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>In WAL mode it never waits for the writer; whoever uses it holds <see cref="ReadLock"/>.</summary>
    public SqliteConnection Reader { get; }

    public Lock WriteLock { get; } = new();

    public Lock ReadLock { get; } = new();

    /// <summary>Where the damaged file of this start was put; null when the file was sound.</summary>
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

    private bool IsSound()
    {
        if (!File.Exists(_path))
        {
            return true;
        }

        try
        {
            using var connection = Connect();
            return connection.Scalar("PRAGMA quick_check(1)") is "ok";
        }
        catch (SqliteException error) when (error.SqliteErrorCode is CorruptCode or NotADatabaseCode)
        {
            return false;
        }
    }

    private void SetAside()
    {
        string time = _clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        string aside = $"{_path}.damaged-{time}";
        File.Move(_path, aside, overwrite: true);
        foreach (string part in (string[])["-wal", "-shm"])
        {
            // A log of the old file applied to the new one would damage it, too.
            if (File.Exists(_path + part))
            {
                File.Move(_path + part, aside + part, overwrite: true);
            }
        }

        SetAsidePath = aside;
        LogSetAside(_path, aside);
    }

    private SqliteConnection Open()
    {
        var connection = Connect();
        try
        {
            connection.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY;");
            var version = (long)connection.Scalar("PRAGMA user_version")!;
            if (version > LoggerSchema.Version)
            {
                throw new InvalidOperationException(
                    $"{_path} has schema {version}, this program knows up to {LoggerSchema.Version}; start the newer program or move the file away.");
            }

            connection.Run(LoggerSchema.Text + $"PRAGMA user_version={LoggerSchema.Version};");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is damaged; it was set aside as {Aside} and a new one begun. Alerts that the Detector still holds come again.")]
    private partial void LogSetAside(string path, string aside);
}
