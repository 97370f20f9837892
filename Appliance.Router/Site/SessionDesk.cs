using System.Security.Cryptography;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Site;

/// <summary>Begins and ends the sessions of people.</summary>
internal sealed class SessionDesk(PasswordCheck passwords, SessionStore sessions, SessionSigner signer, IOptions<PersonSessionOptions> options, TimeProvider clock)
{
    public async Task<SignedIn> SignInAsync(SignInAttempt attempt, CancellationToken token)
    {
        var account = await passwords.CheckAsync(attempt, token);
        // A JWT counts whole seconds (RFC 7519, section 2).
        var start = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var session = new Session(id, account.Name, account.Kind, start, start + options.Value.Length, attempt.Node.ToString());
        var person = PeerIdentity.OfPerson(attempt.Node.Site, account.Kind, account.Name);
        var signed = signer.Sign(new SessionClaims(id, person, attempt.Thumbprint, session.StartTime, session.ExpireTime));
        return sessions.TryAdd(session, account, attempt.Source)
            ? new SignedIn(session, signed)
            : throw new BusyException("ACCOUNT_CHANGED", "The account was changed at this very moment; sign in again.");
    }

    public void SignOut(string? id) => sessions.End(id
        ?? throw new InvalidInputException(SessionMetadata.Name, "is not among the call's metadata; only a call with a session's token can end the session"));

    public IReadOnlyList<Session> All => sessions.All;
}
