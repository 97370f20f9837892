using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Audit;

/// <summary>The role's audit file: entries go to its end, durable when they are there, and its chain is followed at each start.</summary>
internal sealed partial class AuditFile : IDisposable
{
    public const string FileName = "audit.db";

    /// <summary>Reason of the error that a refused change meets.</summary>
    public const string NotWritable = "AUDIT_NOT_WRITABLE";

    // As much as is told again to those who watch: what happened just before a stop must not be lost with the process.
    private const int MaxHeld = 1024;

    private readonly string _path;
    private readonly HealthBoard _board;
    private readonly ILogger<AuditFile> _logger;
    private AuditEntry? _last;

    public AuditFile(NodePaths paths, HealthBoard board, ILogger<AuditFile> logger)
    {
        (_path, _board, _logger) = (Path.Combine(paths.State, FileName), board, logger);
        try
        {
            Connection = AuditTable.Open(_path);
            Fault = AuditVerification.Of(AuditTable.ReadAll(Connection)).Fault;
            Held = [.. AuditTable.ReadLast(Connection, MaxHeld)];
            _last = Held.Count > 0 ? Held[^1] : null;
        }
        catch (Exception error) when (AuditVerification.IsUnreadable(error))
        {
            Fault = $"{_path} cannot be read: {error.Message}";
        }

        if (Fault is not null)
        {
            LogBroken(_path, Fault);
        }

        ReportState();
    }

    /// <summary>What is wrong with the chain; null when nothing is. It stays until somebody looked and moved the file away.</summary>
    public string? Fault { get; }

    /// <summary>The last entries of earlier runs, oldest first.</summary>
    public IReadOnlyList<AuditEntry> Held { get; } = [];

    /// <summary>Null when the file could not be opened.</summary>
    internal SqliteConnection? Connection { get; private set; }

    /// <summary>All of them are on the medium when it returns; none is when it throws <see cref="BusyException"/>.</summary>
    public IReadOnlyList<AuditEntry> Append(IReadOnlyList<AuditRecord> records, DateTimeOffset time)
    {
        var entries = Chain(records, time);
        try
        {
            if (Connection is null)
            {
                throw Unwritable(Fault!);
            }

            AuditTable.Append(Connection, entries);
        }
        catch (SqliteException error)
        {
            LogUnwritable(_path, error);
            throw Unwritable(error.Message);
        }

        _last = entries[^1];
        ReportState();
        return entries;
    }

    public void Dispose()
    {
        Connection?.Dispose();
        Connection = null;
    }

    private List<AuditEntry> Chain(IReadOnlyList<AuditRecord> records, DateTimeOffset time)
    {
        var entries = new List<AuditEntry>(records.Count);
        var before = _last;
        foreach (var record in records)
        {
            var entry = new AuditEntry((before?.Sequence ?? 0) + 1, time, record.Actor, record.Action, record.Subject, record.Reason, record.Allowed, default);
            before = entry with { Hash = AuditChain.HashOf((before?.Hash ?? AuditChain.Start).Span, entry) };
            entries.Add(before);
        }

        return entries;
    }

    private BusyException Unwritable(string why)
    {
        _board.Report(AuditWords.Part, PartState.Failed, $"changes are refused: {why}");
        return new BusyException(NotWritable, $"The change was not made, since the audit log cannot be written ({why}); make room on the disk or mend {FileName}, then try again.");
    }

    private void ReportState()
    {
        if (Connection is null)
        {
            _board.Report(AuditWords.Part, PartState.Failed, $"changes are refused: {Fault}");
        }
        else if (Fault is not null)
        {
            _board.Report(AuditWords.Part, PartState.Failed, $"the chain is broken: {Fault}; keep {_path} for a look, and move it away to begin a new one");
        }
        else
        {
            _board.Report(AuditWords.Part, PartState.Healthy, "changes are written down");
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit chain in {Path} is broken: {Fault}.")]
    private partial void LogBroken(string path, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Audit log {Path} cannot be written; the change is refused.")]
    private partial void LogUnwritable(string path, Exception error);
}
