using System.Net;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Board;

/// <summary>
/// One request in flight to a board, logged in. The board itself handles one at a time, and a burst of calls with a
/// token that a restart made void would ban this address; in line, the first call finds out and the others follow.
/// </summary>
internal sealed partial class BoardSession(BoardTarget target, TimeProvider clock, ILogger<BoardSession> logger) : IDisposable
{
    // Each may wait for a whole time limit, so a longer line would only hold answers that nobody waits for any more.
    private const int LongestLine = 32;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly LogInGuard _guard = new(clock);
    private BoardTransport? _transport;
    private string? _token;
    private int _waiting;

    /// <summary>Sends a call as a logged-in user and returns the answer, whatever it is, but a refusal of the log-in.</summary>
    public async Task<BoardReply> SendAsync(BoardCall call, CancellationToken token)
    {
        var endpoint = target.Current;
        if (Interlocked.Increment(ref _waiting) > LongestLine)
        {
            Interlocked.Decrement(ref _waiting);
            throw new LimitExceededException("BOARD_BUSY", $"{LongestLine} calls wait for the board already; try again in a moment.");
        }

        try
        {
            await _turn.WaitAsync(token);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await SendInTurnAsync(Transport(endpoint), call, token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _transport?.Dispose();
        _turn.Dispose();
    }

    private BoardTransport Transport(BoardEndpoint endpoint)
    {
        if (_transport?.Endpoint != endpoint)
        {
            _transport?.Dispose();
            _transport = new BoardTransport(endpoint, clock);
            _token = null;
        }

        return _transport;
    }

    private async Task<BoardReply> SendInTurnAsync(BoardTransport transport, BoardCall call, CancellationToken token)
    {
        _guard.CheckBan();
        if (_token is null)
        {
            await LogInAsync(transport, token);
        }

        var reply = await transport.SendAsync(call, _token, token);
        if (IsLoginRefused(reply))
        {
            NoteLostToken(reply);

            // Refused before the call was looked at, so sending it again repeats nothing.
            await LogInAsync(transport, token);
            reply = await transport.SendAsync(call, _token, token);
            if (IsLoginRefused(reply))
            {
                NoteLostToken(reply);
                throw new UnreachableException($"Board {transport.Endpoint.Address.Authority} refuses the token that it has just given out.");
            }
        }

        _guard.NoteSuccess();
        return reply;
    }

    private void NoteLostToken(BoardReply reply)
    {
        _token = null;
        CheckForBan(reply);
        if (!reply.Text().StartsWith("token expired", StringComparison.Ordinal))
        {
            _guard.NoteUnknownToken();
        }
    }

    private async Task LogInAsync(BoardTransport transport, CancellationToken token)
    {
        var credential = transport.Endpoint.Credential;
        var (body, digest) = await credential.ReadAsync(token);
        _guard.CheckLogIn(digest, credential);
        var reply = await transport.SendAsync(BoardCall.LogIn(body), bearer: null, token);
        CheckForBan(reply);
        if (reply.Status == HttpStatusCode.Forbidden)
        {
            _guard.NoteRefusal(digest);
            LogRefused(credential.UserName, credential.Source);
            throw new UnreachableException(
                $"Board {transport.Endpoint.Address.Authority} refuses user {credential.UserName} with the password from {credential.Source}: {reply.Text()}");
        }

        if (reply.Status != HttpStatusCode.OK || !BoardAnswers.TryReadToken(reply.Body, out var fresh))
        {
            throw new UnreachableException(
                $"Board {transport.Endpoint.Address.Authority} answers a log-in with {(int)reply.Status} {reply.MediaType} and no token; is it the API of a Turing Pi 2 with firmware 2?");
        }

        _token = fresh;
        _guard.NoteSuccess();
        LogLoggedIn(transport.Endpoint.Address.Authority, credential.UserName);
    }

    private void CheckForBan(BoardReply reply)
    {
        var isRefusal = IsLoginRefused(reply) || reply.Status is HttpStatusCode.Forbidden;
        if (isRefusal && (BanText.TryRead(reply.Text(), out var left) || reply.Status == HttpStatusCode.TooManyRequests))
        {
            left = left > TimeSpan.Zero ? left : reply.RetryAfter ?? BanText.Shortest;
            _guard.NoteBan(left);
            LogBanned(left);
            _guard.CheckBan();
        }
    }

    // The fork's firmware says 429 where the maker's says 401 with a text.
    private static bool IsLoginRefused(BoardReply reply) => reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests;

    [LoggerMessage(Level = LogLevel.Information, Message = "Logged in to board {Board} as {UserName}.")]
    private partial void LogLoggedIn(string board, string userName);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board refuses user {UserName} with the password from {Source}.")]
    private partial void LogRefused(string userName, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board blocks this address for {Left}.")]
    private partial void LogBanned(TimeSpan left);
}
