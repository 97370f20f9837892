using System.Net;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Board;

/// <summary>The log-in at one board: its token, what the board counts against us, and whether it takes the maker's password.</summary>
/// <remarks>Used by one request at a time.</remarks>
internal sealed partial class BoardLogIn(BoardTransport transport, LogInGuard guard, ILogger logger)
{
    private string? _token;

    /// <summary>The token to send; null before a log-in, and after it was lost.</summary>
    public string? Token => _token;

    /// <summary>Null until it was seen.</summary>
    public bool? AcceptsDefaultPassword { get; private set; }

    /// <summary>Times that the board did not know a token that it had given out: only a restart of its daemon makes it forget one before its time.</summary>
    public int VoidTokens { get; private set; }

    private BoardEndpoint Endpoint => transport.Endpoint;

    public void Forget() => _token = null;

    public void CheckBan() => guard.CheckBan();

    /// <summary>The board has taken the token of a call.</summary>
    public void NoteTaken() => guard.NoteSuccess();

    /// <summary>Sends a call with the token. When its answer gets lost the token is used no more: were it void, the board would count each use.</summary>
    public async Task<BoardReply> SendAsync(BoardCall call, CancellationToken token)
    {
        try
        {
            return await transport.SendAsync(call, _token, token);
        }
        catch (Exception error) when (error is ApplianceException or OperationCanceledException)
        {
            if (transport.HasAsked)
            {
                Forget();
            }

            throw;
        }
    }

    /// <summary>Logs in and looks whether the maker's password works too, so that nobody is told late.</summary>
    public async Task LogInAsync(CancellationToken token)
    {
        var credential = Endpoint.Credential;
        var (body, digest) = await credential.ReadAsync(token);
        guard.CheckLogIn(digest, credential);
        var reply = await PostAsync(body, () => guard.NoteDoubt(digest), token);
        CheckForBan(reply);
        if (reply.Status == HttpStatusCode.Forbidden)
        {
            guard.NoteRefusal(digest);
            LogRefused(credential.UserName, credential.Source);
            throw new UnreachableException(
                $"Board {Endpoint.Address.Authority} refuses user {credential.UserName} with the password from {credential.Source}: {reply.Text()}");
        }

        if (reply.Status != HttpStatusCode.OK || !BoardAnswers.TryReadToken(reply.Body, out var fresh))
        {
            throw new UnreachableException(
                $"Board {Endpoint.Address.Authority} answers a log-in with {(int)reply.Status} {reply.MediaType} and no token; is it the API of a Turing Pi 2 with firmware 2?");
        }

        _token = fresh;
        guard.NoteSuccess(digest);
        LogLoggedIn(Endpoint.Address.Authority, credential.UserName);
        await TryDefaultAsync(digest, token);
    }

    /// <summary>Throws for a change while the board takes the maker's password, unless it has been changed since.</summary>
    public async Task CheckPasswordAsync(CancellationToken token)
    {
        if (AcceptsDefaultPassword == false || Endpoint.AllowDefaultPassword)
        {
            return;
        }

        await LogInAsync(token);
        if (AcceptsDefaultPassword == true)
        {
            throw new BusyException(
                "DEFAULT_PASSWORD",
                $"Board {Endpoint.Address.Authority} still takes the maker's password for root, so anybody may switch it; change it there with 'passwd' over SSH. "
                + $"To go on nevertheless set {Endpoint.Names.AllowDefaultPassword} to '{Endpoint.Address.Host}'.");
        }
    }

    /// <summary>The board has refused the token of a call.</summary>
    public void NoteLost(BoardReply reply)
    {
        Forget();
        CheckForBan(reply);
        if (!reply.Text().StartsWith("token expired", StringComparison.Ordinal))
        {
            guard.NoteUnknownToken();
            VoidTokens++;
        }
    }

    // The fork's firmware says 429 where the maker's says 401 with a text.
    public static bool IsRefused(BoardReply reply) => reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests;

    /// <summary>One failure at most, right behind a success and cleared by the next: it can never be the one that bans.</summary>
    private async Task TryDefaultAsync(string digest, CancellationToken token)
    {
        var (body, factory) = await BoardCredential.Factory.ReadAsync(token);
        if (digest == factory)
        {
            AcceptsDefaultPassword = true;
            return;
        }

        var reply = await PostAsync(body, guard.NoteUnknownToken, token);
        CheckForBan(reply);
        if (reply.Status == HttpStatusCode.Forbidden)
        {
            guard.NoteUnknownToken();
            AcceptsDefaultPassword = false;
        }
        else if (reply.Status == HttpStatusCode.OK)
        {
            guard.NoteSuccess();
            AcceptsDefaultPassword = true;
        }
    }

    private async Task<BoardReply> PostAsync(byte[] body, Action lost, CancellationToken token)
    {
        try
        {
            return await transport.SendAsync(BoardCall.LogIn(body), bearer: null, token);
        }
        catch (Exception error) when (error is ApplianceException or OperationCanceledException)
        {
            // The board may have counted it all the same.
            if (transport.HasAsked)
            {
                lost();
            }

            throw;
        }
    }

    private void CheckForBan(BoardReply reply)
    {
        var isRefusal = IsRefused(reply) || reply.Status is HttpStatusCode.Forbidden;
        if (isRefusal && (BanText.TryRead(reply.Text(), out var left) || reply.Status == HttpStatusCode.TooManyRequests))
        {
            left = left > TimeSpan.Zero ? left : reply.RetryAfter ?? BanText.Shortest;
            guard.NoteBan(left);
            LogBanned(left);
            guard.CheckBan();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Logged in to board {Board} as {UserName}.")]
    private partial void LogLoggedIn(string board, string userName);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board refuses user {UserName} with the password from {Source}.")]
    private partial void LogRefused(string userName, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board blocks this address for {Left}.")]
    private partial void LogBanned(TimeSpan left);
}
