using Appliance.Hosting.Events;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules.Keeping;

/// <summary>Tells operators what others have changed in our table, and counts it.</summary>
internal sealed partial class ForeignChangeReport(EventLog events, TimeProvider clock, ILogger<ForeignChangeReport> logger)
{
    // Whoever fights with us over the table changes it every second; the log is to hold other things too.
    private const int MaxEventsPerMinute = 10;
    private const int MaxParts = 6;
    private const int MaxPartLength = 160;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private long _tables;
    private long _elements;
    private long _restored;
    private long _minute;
    private int _toldInMinute;
    private int _untold;

    /// <summary>Times that our table was deleted, or anything in it changed but the elements of blocks.</summary>
    public long TablesCount => Interlocked.Read(ref _tables);

    /// <summary>Times that elements of blocks were taken out or put in.</summary>
    public long ElementsCount => Interlocked.Read(ref _elements);

    /// <summary>Elements put back or taken out, whoever or whatever was the cause.</summary>
    public long RestoredCount => Interlocked.Read(ref _restored);

    /// <summary>One change by others, and why it could not be put right, if it couldn't.</summary>
    public void Tell(RulesetLook look, IReadOnlyList<ForeignChange> changes, string? fault)
    {
        Interlocked.Increment(ref look.IsTableWrong ? ref _tables : ref _elements);
        var text = Describe(look, changes, fault);
        LogForeign(text);
        if (!MayTell())
        {
            _untold++;
            return;
        }

        var untold = _untold > 0 ? $" {_untold} changes before it were not told each." : "";
        _untold = 0;
        events.Tell(fault is null ? EventSeverity.Warning : EventSeverity.Error, EnforcementHealth.Part, text + untold);
    }

    /// <summary>What differed with nobody having changed it: the kernel's clock is not the wall's.</summary>
    public void TellQuietly(RulesetLook look)
    {
        LogRestored(look.Missing.Count, look.Strays.Count, look.ChangedSets.Count);
    }

    public void Count(RulesetLook look) => Interlocked.Add(ref _restored, look.Missing.Count + look.Strays.Count);

    private static string Describe(RulesetLook look, IReadOnlyList<ForeignChange> changes, string? fault)
    {
        var who = changes.Count == 0 ? ForeignChange.Unheard.ToString() : string.Join(" and ", changes.Select(change => change.ToString()).Distinct().Take(3));
        var what = look.IsTableMissing ? "was deleted" : $"was changed ({string.Join("; ", Bound(Parts(look)))})";
        var outcome = fault is null ? "it has been put right" : $"it could not be put right: {fault.TrimEnd('.')}";
        return $"The firewall's table {what} by {who}; {outcome}.";
    }

    private static IEnumerable<string> Parts(RulesetLook look) =>
    [
        .. look.Lines,
        .. look.ChangedSets.Select(set => $"elements of {set}"),
        .. look.Missing.Select(block => $"- block of {block.Target}"),
        .. look.Strays.Select(stray => $"+ {stray.Set}: {stray.Key}"),
    ];

    private static IEnumerable<string> Bound(IEnumerable<string> parts)
    {
        var all = parts.ToList();
        var shown = all.Take(MaxParts).Select(part => part.Length > MaxPartLength ? $"{part[..MaxPartLength]}…" : part);
        return all.Count > MaxParts ? shown.Append($"{all.Count - MaxParts} more") : shown;
    }

    private bool MayTell()
    {
        var now = clock.GetTimestamp();
        if (_minute == 0 || clock.GetElapsedTime(_minute, now) >= Minute)
        {
            _minute = now;
            _toldInMinute = 0;
        }

        return _toldInMinute++ < MaxEventsPerMinute;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    private partial void LogForeign(string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "The kernel lacked {Missing} blocks, had {Strays} elements of none and {Sets} other sets that nobody is known to have changed; they are as they should be again.")]
    private partial void LogRestored(int missing, int strays, int sets);
}
