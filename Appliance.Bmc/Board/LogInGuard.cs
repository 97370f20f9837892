using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>
/// Keeps this address from being locked out. The board counts wrong passwords and unknown tokens in a row, forgets them
/// only at a success, and bans from the fifth on: so the fifth is never sent for credentials that were refused before.
/// </summary>
/// <remarks>Used by one request at a time.</remarks>
internal sealed class LogInGuard(TimeProvider clock)
{
    private const int MostFailures = 4;

    // Added to what the board says, which is rounded down and as old as its answer.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    // Between tries with the same credentials, for a password that is set right on the board's side.
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private DateTimeOffset _blockedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _nextTry = DateTimeOffset.MinValue;
    private string? _refused;
    private int _refusals;
    private int _failures;

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

    /// <summary>Throws when a log-in with these credentials would only count as another failure.</summary>
    public void CheckLogIn(string digest, BoardCredential credential)
    {
        if (digest != _refused)
        {
            return;
        }

        var refused = $"The board has refused user {credential.UserName} with the password from {credential.Source}";
        if (_failures >= MostFailures || _refusals > Waits.Length)
        {
            throw new UnreachableException(
                $"{refused} {_refusals} times and would ban this address next; it is not tried again until the password there changes or the role restarts.");
        }

        if (_nextTry > clock.GetUtcNow())
        {
            throw new UnreachableException($"{refused}; correct it there, or it is tried again at {_nextTry.UtcDateTime:HH:mm:ss}Z.");
        }
    }

    public void NoteBan(TimeSpan left)
    {
        _blockedUntil = clock.GetUtcNow() + left + Margin;

        // The board has counted five; after the ban one more try is fair, unless these credentials are known to be wrong.
        _failures = Math.Max(_failures, MostFailures - 1);
    }

    /// <summary>A token that the board does not know counts; one that has expired does not.</summary>
    public void NoteUnknownToken() => _failures++;

    public void NoteRefusal(string digest)
    {
        _refusals = digest == _refused ? _refusals + 1 : 1;
        _refused = digest;
        _failures++;
        _nextTry = clock.GetUtcNow() + Waits[Math.Min(_refusals, Waits.Length) - 1];
    }

    public void NoteSuccess()
    {
        _failures = 0;
        _refusals = 0;
        _refused = null;
    }
}
