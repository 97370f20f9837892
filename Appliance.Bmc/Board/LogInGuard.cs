using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>
/// Keeps this address from being locked out. The board counts wrong passwords and unknown tokens in a row, forgets them
/// only at a success, never by time, and bans from the fifth on: so the fifth is never sent.
/// </summary>
/// <remarks>Used by one request at a time.</remarks>
internal sealed class LogInGuard(TimeProvider clock)
{
    private const int MostFailures = 4;

    // Of the same credentials: two of the four are left for whoever corrects them.
    private const int MostTries = 2;

    // Added to what the board says, which is rounded down and as old as its answer.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    // Before the same credentials are tried again, for a password that is set right on the board's side.
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(1);

    // When only lost answers speak against a try: if each of them had been counted, the board would be ours to blame once an hour.
    private static readonly TimeSpan AfterDoubts = TimeSpan.FromHours(1);

    private DateTimeOffset _blockedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _nextTry = DateTimeOffset.MinValue;
    private string? _refused;
    private string? _good;
    private int _tries;
    private int _failures;
    private int _doubts;

    /// <summary>Throws while the board refuses everything from this address.</summary>
    public void CheckBan()
    {
        var left = _blockedUntil - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            throw new UnreachableException(
                $"The board blocks this address for another {Math.Ceiling(left.TotalSeconds):0} s after failed log-ins; it is not asked before.");
        }
    }

    /// <summary>Throws when a log-in with these credentials would ban this address, or only count as another failure.</summary>
    public void CheckLogIn(string digest, BoardCredential credential)
    {
        var user = $"user {credential.UserName} with the password from {credential.Source}";
        var isRefused = digest == _refused;
        if (_failures >= MostFailures)
        {
            throw new UnreachableException(
                $"The board has refused {_failures} log-ins or sessions in a row and would ban this address next, so {user} is not tried; see that the password there is right and restart the role.");
        }

        if (isRefused && _tries >= MostTries)
        {
            throw new UnreachableException($"The board has refused {user} {_tries} times and would ban this address next; it is not tried again until the password there changes or the role restarts.");
        }

        if (isRefused && _nextTry > clock.GetUtcNow())
        {
            throw new UnreachableException($"The board has refused {user}; correct it there, or it is tried again at {_nextTry.UtcDateTime:HH:mm:ss}Z.");
        }

        if (_failures + _doubts >= MostFailures && _nextTry > clock.GetUtcNow())
        {
            throw new UnreachableException($"The board has left {_doubts} log-ins without an answer and may have counted them; {user} is tried again at {_nextTry.UtcDateTime:HH:mm:ss}Z.");
        }
    }

    public void NoteBan(TimeSpan left)
    {
        _blockedUntil = clock.GetUtcNow() + left + Margin;

        // The board has counted five; after the ban one more try is fair, unless these credentials are known to be wrong.
        _failures = MostFailures - 1;
        _doubts = 0;
        _tries = MostTries;
    }

    /// <summary>A token that the board does not know counts; one that has expired does not.</summary>
    public void NoteUnknownToken() => _failures++;

    /// <summary>A log-in whose answer got lost; one that was right the last time is taken to be right again.</summary>
    public void NoteDoubt(string digest)
    {
        if (digest != _good)
        {
            _doubts++;
            _nextTry = _failures + _doubts >= MostFailures ? clock.GetUtcNow() + AfterDoubts : _nextTry;
        }
    }

    public void NoteRefusal(string digest)
    {
        _tries = digest == _refused ? _tries + 1 : 1;
        _refused = digest;
        _good = null;
        _failures++;
        _nextTry = clock.GetUtcNow() + BetweenTries;
    }

    public void NoteSuccess(string digest)
    {
        _good = digest;
        NoteSuccess();
    }

    /// <summary>The board takes us, so it has forgotten what it counted.</summary>
    public void NoteSuccess()
    {
        _failures = 0;
        _doubts = 0;
        _tries = 0;
        _refused = null;
    }
}
