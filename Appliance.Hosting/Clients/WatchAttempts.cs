using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Clients;

/// <summary>How one watch has fared: its back-off, and what is said about it once and not with each attempt.</summary>
internal sealed partial class WatchAttempts(string name, HealthBoard board, ILogger logger)
{
    /// <summary>A stream that has held so long counts as working.</summary>
    public static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan First = RetryRules.FirstBackoff;
    private static readonly TimeSpan Longest = RetryRules.LongestBackoff;

    private readonly Lock _gate = new();
    private int _failures;

    /// <summary>Doubles from 0.2 s to 5 s; up to a fifth off, so that nodes that lost the same peer don't return in step.</summary>
    public TimeSpan Backoff
    {
        get
        {
            lock (_gate)
            {
                var full = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Max(0, _failures - 1)), Longest.TotalSeconds);
                return TimeSpan.FromSeconds(full * (1 - (Random.Shared.NextDouble() / 5)));
            }
        }
    }

    public void Fail(string reason, Exception? error)
    {
        bool isFirst;
        lock (_gate)
        {
            // The power above is capped well before this count overflows anything.
            _failures = Math.Min(_failures + 1, 30);
            isFirst = _failures == 1;
        }

        if (isFirst)
        {
            LogLost(name, reason, error);
        }

        board.Report(name, PartState.Degraded, $"not connected: {reason}");
    }

    public void Settle()
    {
        bool hadFailed;
        lock (_gate)
        {
            hadFailed = _failures > 0;
            _failures = 0;
        }

        if (hadFailed)
        {
            LogRecovered(name);
        }

        board.Report(name, PartState.Healthy, "connected");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch {Name} was lost: {Reason}. It is tried again until it holds.")]
    private partial void LogLost(string name, string reason, Exception? error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Watch {Name} holds again.")]
    private partial void LogRecovered(string name);
}
