using Microsoft.Extensions.Options;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>Sessions in use: when each was last used, which have ended before their cookie did, and what each may do.</summary>
internal sealed class SessionTable(IOptions<DashboardOptions> options, TimeProvider clock)
{
    // Only who knows the password makes sessions, so the cap is never met in use.
    internal const int Capacity = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = [];

    /// <summary>Notes a use of the session; false when it is over.</summary>
    public bool TryTouch(string id, DateTimeOffset start)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            // A cookie outlives a restart of the Logger, this table does not: an unknown session is taken up again.
            var session = _sessions.GetValueOrDefault(id, new Session(start, now, Ended: false, Right: null));
            if (!IsLive(session, now))
            {
                return false;
            }

            _sessions[id] = session with { LastUse = now };
            Trim(now);
            return true;
        }
    }

    /// <summary>True while the session was used lately and has not ended.</summary>
    public bool IsLive(string id)
    {
        lock (_lock)
        {
            return _sessions.TryGetValue(id, out var session) && IsLive(session, clock.GetUtcNow());
        }
    }

    /// <summary>Gives a session the right to act, in memory alone: neither disk nor browser ever has the token.</summary>
    public void Hold(string id, PersonRight right)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue(id, out var session) && !session.Ended)
            {
                _sessions[id] = session with { Right = right };
            }
        }
    }

    /// <summary>What the session may act with; null when it may only look.</summary>
    public PersonRight? RightOf(string id)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            return _sessions.TryGetValue(id, out var session) && IsLive(session, now) && session.Right is { } right && right.ExpireTime > now ? right : null;
        }
    }

    /// <summary>What all sessions may act with; rights of sessions that are over are forgotten.</summary>
    public IReadOnlyList<(string Id, PersonRight Right)> Rights()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var id in _sessions.Where(entry => entry.Value.Right is { } right && (right.ExpireTime <= now || !IsLive(entry.Value, now))).Select(entry => entry.Key).ToArray())
            {
                _sessions[id] = _sessions[id] with { Right = null };
            }

            return [.. _sessions.Where(entry => entry.Value.Right is not null).Select(entry => (entry.Key, entry.Value.Right!))];
        }
    }

    public void End(string id)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            _sessions[id] = _sessions.GetValueOrDefault(id, new Session(now, now, Ended: true, Right: null)) with { Ended = true, Right = null };
            Trim(now);
        }
    }

    private bool IsLive(Session session, DateTimeOffset now) =>
        !session.Ended
        && now - session.Start < options.Value.SessionLength
        && now - session.LastUse < options.Value.SessionIdle;

    // An ended one stays known until its cookie would have ended of itself.
    private void Trim(DateTimeOffset now)
    {
        if (_sessions.Count <= Capacity)
        {
            return;
        }

        foreach (var (id, session) in _sessions)
        {
            if (now - session.Start >= options.Value.SessionLength)
            {
                _sessions.Remove(id);
            }
        }

        if (_sessions.Count > Capacity)
        {
            _sessions.Remove(_sessions.MinBy(entry => entry.Value.LastUse).Key);
        }
    }

    private readonly record struct Session(DateTimeOffset Start, DateTimeOffset LastUse, bool Ended, PersonRight? Right);
}
