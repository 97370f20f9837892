using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;

namespace Appliance.Hosting.Audit;

/// <summary>Where every change on this role is written down, before anybody is told that it was made.</summary>
public sealed class AuditLog
{
    private const int MaxWord = 256;
    private const int MaxReason = 1024;

    private readonly AuditFile _file;
    private readonly EventLog _events;
    private readonly NodeCredentials _credentials;
    private readonly TimeProvider _clock;
    private readonly Lock _turn = new();

    internal AuditLog(AuditFile file, EventLog events, NodeCredentials credentials, TimeProvider clock)
    {
        (_file, _events, _credentials, _clock) = (file, events, credentials, clock);
        foreach (var entry in file.Held)
        {
            events.Tell(entry);
        }

        if (file.Fault is { } fault)
        {
            events.Tell(EventSeverity.Error, AuditWords.Part, $"The audit chain is broken: {fault}.");
        }
    }

    /// <summary>The node itself, for what it does on its own.</summary>
    public string Self => _credentials.Current.Identity.ToString();

    /// <summary>Durable when it returns. Throws <see cref="BusyException"/> when that can't be had: the change must not be made then.</summary>
    public void Enter(AuditRecord record) => Enter([record]);

    /// <summary>The same for several changes, all of them or none.</summary>
    public void Enter(IReadOnlyList<AuditRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        lock (_turn)
        {
            foreach (var entry in _file.Append([.. records.Select(Clean)], _clock.GetUtcNow()))
            {
                _events.Tell(entry);
            }
        }
    }

    /// <summary>For what has happened already and can't be taken back; false when it could not be written, which the health part says.</summary>
    public bool TryEnter(AuditRecord record)
    {
        try
        {
            Enter(record);
            return true;
        }
        catch (BusyException)
        {
            return false;
        }
    }

    // Most of it comes from callers, and ends on screens and in other logs.
    private static AuditRecord Clean(AuditRecord record) => record with
    {
        Actor = ForeignText.OneLine(record.Actor, MaxWord),
        Action = ForeignText.OneLine(record.Action, MaxWord),
        Subject = ForeignText.OneLine(record.Subject, MaxWord),
        Reason = ForeignText.OneLine(record.Reason, MaxReason),
    };
}
