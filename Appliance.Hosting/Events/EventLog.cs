using Appliance.Hosting.Audit;

namespace Appliance.Hosting.Events;

/// <summary>What the role has to say about itself: the last events, for those who watch.</summary>
/// <remarks>Held in memory; who comes back too late misses the oldest, which the gap in the sequence tells.</remarks>
public sealed class EventLog(TimeProvider clock)
{
    /// <summary>About 300 bytes each, so 1.2 MB when full; the Logger is expected back sooner.</summary>
    public const int Capacity = 4096;

    private readonly Lock _turn = new();
    private readonly Queue<NodeEvent> _held = new();
    private ulong _last;
    private TaskCompletionSource _more = NewSignal();

    /// <summary>Names the process: a cursor of another epoch means nothing here.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The part names what it is about, for example "firewall"; the text is one sentence.</summary>
    public void Tell(EventSeverity severity, string part, string text) => Add(clock.GetUtcNow(), severity, part, text, audit: null);

    internal void Tell(AuditEntry entry) => Add(entry.Time, AuditWords.SeverityOf(entry), AuditWords.Part, AuditWords.Sentence(entry), entry);

    /// <summary>The events after a cursor: of this epoch behind its sequence, of any other from the oldest held.</summary>
    internal EventBatch After(string epoch, ulong sequence)
    {
        lock (_turn)
        {
            var known = epoch == Epoch ? Math.Min(sequence, _last) : 0;
            return new EventBatch([.. _held.SkipWhile(one => one.Sequence <= known)], _more.Task);
        }
    }

    private void Add(DateTimeOffset time, EventSeverity severity, string part, string text, AuditEntry? audit)
    {
        TaskCompletionSource told;
        lock (_turn)
        {
            if (_held.Count == Capacity)
            {
                _held.Dequeue();
            }

            _held.Enqueue(new NodeEvent(++_last, time, severity, part, text) { Audit = audit });
            told = _more;
            _more = NewSignal();
        }

        told.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
