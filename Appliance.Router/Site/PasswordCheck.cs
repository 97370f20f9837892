using System.Net;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Site;

/// <summary>Decides whether a name and a password belong together, slowly for those who guess.</summary>
internal sealed partial class PasswordCheck(AccountStore accounts, SignInThrottle throttle, ILogger<PasswordCheck> logger) : IDisposable
{
    // What is no name is counted as one: a stranger cannot choose how much is held.
    private const string NoName = "?";

    // Checked when nobody has the name, so that the time of the answer does not tell who has an account.
    private readonly Lazy<string> _nobodys = new(() => AccountPassword.Hash(NoName, AccountPassword.Make()));

    // One check costs about 0.1 s of CPU: one at a time, so that guessing cannot starve the router.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>The account; anything else is an exception that says the same for a wrong name and a wrong password.</summary>
    public async Task<Account> CheckAsync(SignInAttempt attempt, CancellationToken token)
    {
        CheckForm(attempt);
        var name = PeerIdentity.IsName(attempt.Account) ? attempt.Account : NoName;
        var admission = await throttle.EnterAsync(attempt.Source, name, token);
        if (!admission.Admitted)
        {
            throw new LimitExceededException("SIGN_IN_DELAYED", $"Too many failed tries; the next one is heard in {Math.Ceiling(admission.RetryAfter.TotalSeconds)} s.") { RetryAfter = admission.RetryAfter };
        }

        if (await VerifyAsync(name, attempt.Password, token) is not { } account)
        {
            LogFailed(attempt.Source, attempt.Node);
            throw new UnauthenticatedException("SIGN_IN_WRONG", "Name and password do not belong together.");
        }

        throttle.Succeeded(attempt.Source, name);
        LogSignedIn(account.Name, attempt.Source, attempt.Node);
        return account;
    }

    public void Dispose() => _oneAtATime.Dispose();

    private static void CheckForm(SignInAttempt attempt)
    {
        if (attempt.Account.Length == 0)
        {
            throw new InvalidInputException("account", "is empty; give the account's name");
        }

        if (attempt.Password.Length is 0 or > AccountPassword.Longest)
        {
            throw new InvalidInputException("password", $"has {attempt.Password.Length} characters; it takes 1 to {AccountPassword.Longest}");
        }
    }

    private async Task<Account?> VerifyAsync(string name, string password, CancellationToken token)
    {
        await _oneAtATime.WaitAsync(token);
        try
        {
            var found = accounts.Find(name);
            var fits = AccountPassword.Fits(name, found?.Hash ?? _nobodys.Value, password);
            return fits ? found?.Account : null;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Account} signed in from {Source} over {Node}.")]
    private partial void LogSignedIn(string account, IPAddress source, PeerIdentity node);

    // Without the name: people type passwords into its field.
    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in from {Source} over {Node} was wrong.")]
    private partial void LogFailed(IPAddress source, PeerIdentity node);
}
