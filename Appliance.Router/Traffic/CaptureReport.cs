using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Traffic;

/// <summary>Tells how the capture is: one health part, whose text names every interface, and lines in the log.</summary>
internal sealed partial class CaptureReport(HealthBoard health, TimeProvider clock, ILogger<CaptureReport> logger)
{
    private const string Part = "capture";

    private readonly Lock _gate = new();

    private readonly SortedDictionary<string, Watched> _interfaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _awaySince = new(StringComparer.Ordinal);

    public void Idle()
    {
        LogIdle();
        health.Report(Part, PartState.Degraded, "Watches nothing: neither a capture file nor an interface is configured.");
    }

    public void Playing(string file)
    {
        LogPlaying(file);
        health.Report(Part, PartState.Healthy, $"Watches capture {file}.");
    }

    public void Played(string file, long packets)
    {
        LogPlayed(file, packets);
        health.Report(Part, PartState.Healthy, $"Has played capture {file} to its end.");
    }

    public void Failed(CaptureFault fault)
    {
        LogFailed(fault.Text);
        health.Report(Part, PartState.Failed, fault.Text);
    }

    /// <summary>The interface is there and up; a weakness is why it is watched in a lesser way than the usual one.</summary>
    public void Watching(string name, string? weakness)
    {
        if (!Change(name, new Watched(Obstacle: null, weakness), out var away))
        {
            return;
        }

        if (away is { } time)
        {
            LogWatchingAgain(name, time);
        }
        else
        {
            LogWatching(name);
        }
    }

    /// <summary>The interface cannot be watched now; said once, however often it is tried again.</summary>
    public void Away(string name, string reason)
    {
        if (Change(name, new Watched(reason, Weakness: null), out _))
        {
            LogAway(reason);
        }
    }

    /// <summary>The interface went away.</summary>
    public void Ended(string name, string reason, in FrameCounts counts)
    {
        LogEnded(name, counts.Read, counts.Kernel, counts.Dropped);
        Away(name, reason);
    }

    // Also tells how long an interface was away that has come back.
    private bool Change(string name, Watched now, out TimeSpan? away)
    {
        lock (_gate)
        {
            away = null;
            if (_interfaces.TryGetValue(name, out var known) && known == now)
            {
                return false;
            }

            _interfaces[name] = now;
            if (now.Obstacle is not null)
            {
                _awaySince.TryAdd(name, clock.GetTimestamp());
            }
            else if (_awaySince.Remove(name, out var since))
            {
                away = clock.GetElapsedTime(since);
            }

            Report();
            return true;
        }
    }

    private void Report()
    {
        var names = _interfaces.Where(entry => entry.Value.Obstacle is null).Select(entry => entry.Key).ToList();
        var faults = _interfaces.Select(entry => entry.Value.Obstacle ?? (entry.Value.Weakness is { } weakness ? $"{entry.Key}: {weakness}" : null)).OfType<string>().ToList();
        var state = faults.Count == 0 ? PartState.Healthy : names.Count == 0 ? PartState.Failed : PartState.Degraded;
        string[] texts = names.Count == 0 ? [] : [$"Watches {string.Join(", ", names)}"];
        health.Report(Part, state, $"{string.Join(". ", texts.Concat(faults))}.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The Router watches {Interface}.")]
    private partial void LogWatching(string @interface);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Router watches {Interface} again; what came in the {Away} before was not seen.")]
    private partial void LogWatchingAgain(string @interface, TimeSpan away);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Router plays {File}.")]
    private partial void LogPlaying(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Router watches nothing: set Router:Capture:File or Router:Capture:Interfaces.")]
    private partial void LogIdle();

    [LoggerMessage(Level = LogLevel.Information, Message = "The capture {File} has ended after {Packets} packets.")]
    private partial void LogPlayed(string file, long packets);

    [LoggerMessage(Level = LogLevel.Error, Message = "The capture stopped: {Fault}.")]
    private partial void LogFailed(string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Router waits for an interface: {Reason}.")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Interface {Interface} went away; {Read} frames have been read from it, and of {Counted} that the kernel counted it dropped {Dropped}.")]
    private partial void LogEnded(string @interface, long read, long counted, long dropped);

    private readonly record struct Watched(string? Obstacle, string? Weakness);
}
