using System.Net;
using Appliance.Hosting.Listeners;

namespace Appliance.Router.Site;

/// <summary>Slows down guessing: growing delays by source and by account, in bounded memory.</summary>
/// <remarks>
/// A source that failed too often is refused for a while. An account under attack from many sources only makes
/// everyone wait a little before the check, so that an attacker cannot lock the operator out; sources that have
/// signed in before do not even wait.
/// </remarks>
internal sealed class SignInThrottle(TimeProvider clock)
{
    /// <summary>Tries before the first delay (PSTI and the drill of guessing with hydra: five).</summary>
    public const int FreeTries = 5;

    // 4096 sources of about 200 bytes: under 1 MB whatever comes.
    internal const int SourceCapacity = 4096;
    private const int KnownCapacity = 64;
    private const int WaitingCapacity = 64;

    private static readonly TimeSpan LongestBySource = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestByAccount = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly FailureTable _sources = new(SourceCapacity, Memory);
    private readonly FailureTable _accounts = new(SourceCapacity, Memory);
    private readonly HashSet<string> _waiting = [];
    private readonly List<string> _known = [];

    internal int SourcesHeld
    {
        get
        {
            lock (_lock)
            {
                return _sources.Count;
            }
        }
    }

    /// <summary>Counts a try and says whether it may be checked; may take a few seconds to say so.</summary>
    public async Task<SignInAdmission> EnterAsync(IPAddress source, string account, CancellationToken token)
    {
        var key = SourceNetwork.Of(source);
        TimeSpan pause;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var closed = ClosedFor(key, now);
            if (closed > TimeSpan.Zero)
            {
                return SignInAdmission.Refused(closed);
            }

            pause = _known.Contains(key) ? TimeSpan.Zero : Delay(_accounts.Find(account, now).Tries, LongestByAccount);

            // One held request a source and 64 in all: the waiting room cannot be filled from one place.
            if (pause > TimeSpan.Zero && (_waiting.Count == WaitingCapacity || !_waiting.Add(key)))
            {
                return SignInAdmission.Refused(pause);
            }

            // Counted before the check, so that parallel tries cannot slip through while the first is checked.
            _sources.Add(key, now);
            _accounts.Add(account, now);
        }

        if (pause > TimeSpan.Zero)
        {
            await HoldAsync(key, pause, token);
        }

        return SignInAdmission.Granted;
    }

    /// <summary>Takes back what <see cref="EnterAsync"/> counted, and remembers the source as a good one.</summary>
    public void Succeeded(IPAddress source, string account)
    {
        var key = SourceNetwork.Of(source);
        lock (_lock)
        {
            _sources.Remove(key);
            _accounts.Remove(account);
            _known.Remove(key);
            _known.Add(key);
            if (_known.Count > KnownCapacity)
            {
                _known.RemoveAt(0);
            }
        }
    }

    private async Task HoldAsync(string key, TimeSpan pause, CancellationToken token)
    {
        try
        {
            await Task.Delay(pause, clock, token);
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(key);
            }
        }
    }

    private TimeSpan ClosedFor(string key, DateTimeOffset now)
    {
        var (tries, last) = _sources.Find(key, now);
        return last + Delay(tries, LongestBySource) - now;
    }

    // 1 s after the fifth try, then doubling.
    private static TimeSpan Delay(int tries, TimeSpan longest)
    {
        if (tries < FreeTries)
        {
            return TimeSpan.Zero;
        }

        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(tries - FreeTries, 20)));
        return delay < longest ? delay : longest;
    }
}
