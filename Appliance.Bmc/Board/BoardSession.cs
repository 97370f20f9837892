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
    private readonly BoardLine _line = new();
    private readonly LogInGuard _guard = new(clock);
    private BoardTransport? _transport;
    private string? _token;
    private int _logIns;

    /// <summary>Log-ins that succeeded; one more may mean another firmware.</summary>
    public int LogIns => Volatile.Read(ref _logIns);

    /// <summary>Sends a call as a logged-in user and returns the answer, whatever it is, but a refusal of the log-in.</summary>
    public async Task<BoardReply> SendAsync(BoardCall call, CancellationToken token)
    {
        var endpoint = target.Current;
        using var turn = await _line.EnterAsync(token);
        return await SendInTurnAsync(Transport(endpoint), call, token);
    }

    /// <summary>Sends an image and returns the answer. It is sent once: the bytes are gone then.</summary>
    public async Task<BoardReply> UploadAsync(BoardUpload upload, CancellationToken token)
    {
        var endpoint = target.Current;
        using var turn = await _line.EnterToUploadAsync(upload.Handle, token);
        try
        {
            return await UploadInTurnAsync(Transport(endpoint), upload, turn.Token);
        }
        catch (OperationCanceledException error) when (turn.Aborted)
        {
            LogBrokenOff(upload.Handle, error.Message);
            throw new BusyException(BoardTransfers.Cancelled, "The upload was cancelled; the board gives up the transfer and leaves the slot off.");
        }
    }

    /// <summary>Breaks off an upload of ours and waits until it has ended.</summary>
    public Task AbortUploadAsync(uint handle, CancellationToken token) => _line.AbortUploadAsync(handle, token);

    /// <summary>To be called when the daemon ends: its tokens end with it, and using one afterwards counts for the lockout.</summary>
    public void ForgetToken() => Volatile.Write(ref _token, null);

    public void Dispose()
    {
        _transport?.Dispose();
        _line.Dispose();
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

    private async Task<BoardReply> UploadInTurnAsync(BoardTransport transport, BoardUpload upload, CancellationToken token)
    {
        _guard.CheckBan();
        if (_token is null)
        {
            // The transfer was begun with a token that a restart has ended, and the transfer with it.
            throw new BusyException(BoardTransport.UploadBroken, "The board has ended the session in which the transfer was begun.");
        }

        var reply = await transport.UploadAsync(upload, _token, token);
        if (IsLoginRefused(reply))
        {
            NoteLostToken(reply);
            throw new BusyException(BoardTransport.UploadBroken, "The board no longer knows the session in which the transfer was begun.");
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
        Interlocked.Increment(ref _logIns);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Upload {Handle} was broken off: {Reason}")]
    private partial void LogBrokenOff(uint handle, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board blocks this address for {Left}.")]
    private partial void LogBanned(TimeSpan left);
}
