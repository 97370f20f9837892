using System.Net;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Listeners;

namespace Appliance.Router.Site.Enrollment;

/// <summary>How often those who have no certificate are heard: so many a minute from one source, and so many in all.</summary>
internal sealed class RequestBudget(TimeProvider clock)
{
    /// <summary>A node that waits asks four times a minute; a few may be behind one address.</summary>
    public const int PerSource = 20;

    public const int PerMinute = 200;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    // Holds at most as many sources as were heard in this window.
    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);
    private long _start;
    private bool _isOpen;
    private int _taken;

    /// <summary>Throws <see cref="LimitExceededException"/> with the time until the next is heard.</summary>
    public void Take(IPAddress source)
    {
        lock (_turn)
        {
            var now = clock.GetTimestamp();
            if (!_isOpen || clock.GetElapsedTime(_start, now) >= Window)
            {
                (_start, _isOpen, _taken) = (now, true, 0);
                _sources.Clear();
            }

            var key = SourceNetwork.Of(source);
            var before = _sources.GetValueOrDefault(key);
            if (_taken == PerMinute || before == PerSource)
            {
                var wait = Window - clock.GetElapsedTime(_start, now);
                throw new LimitExceededException("TOO_MANY_REQUESTS", $"More requests than are heard in a minute; the next one is heard in {Math.Ceiling(wait.TotalSeconds)} s.") { RetryAfter = wait };
            }

            (_taken, _sources[key]) = (_taken + 1, before + 1);
        }
    }
}
