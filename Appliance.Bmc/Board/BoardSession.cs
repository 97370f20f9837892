using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Board;

/// <summary>
/// One request in flight to a board, logged in. The board itself handles one at a time, and a burst of calls with a
/// token that a restart made void would ban this address; in line, the first call finds out and the others follow.
/// </summary>
internal sealed partial class BoardSession(BoardTarget target, BoardNotices notices, TimeProvider clock, ILogger<BoardSession> logger) : IDisposable
{
    private readonly BoardLine _line = new();
    private BoardTransport? _transport;
    private BoardLogIn? _logIn;
    private int _logIns;
    private BoardStanding _standing = BoardStanding.Unknown;

    /// <summary>Log-ins that succeeded; one more may mean another firmware.</summary>
    public int LogIns => Volatile.Read(ref _logIns);

    /// <summary>True for firmware 1, which is asked only what it knows: it leaves other questions without an end.</summary>
    public bool IsPlain => target.Current.IsPlain;

    public BoardStanding Standing => Volatile.Read(ref _standing);

    /// <summary>Sends a call as a logged-in user and returns the answer, whatever it is, but a refusal of the log-in.</summary>
    public async Task<BoardReply> SendAsync(BoardCall call, CancellationToken token)
    {
        var endpoint = target.Current;
        using var turn = await _line.EnterAsync(token);
        var transport = Transport(endpoint);
        return await TellingAsync(transport, () => SendInTurnAsync(transport, call, token));
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
        catch (OperationCanceledException) when (turn.Aborted)
        {
            LogBrokenOff(upload.Handle);
            throw new BusyException(BoardTransfers.Cancelled, "The upload was cancelled; the board gives up the transfer and leaves the slot off.");
        }
    }

    /// <summary>Breaks off an upload of ours and waits until it has ended.</summary>
    public Task AbortUploadAsync(uint handle, CancellationToken token) => _line.AbortUploadAsync(handle, token);

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
            _logIn = endpoint.IsPlain ? null : new BoardLogIn(_transport, new LogInGuard(clock), logger);
        }

        return _transport;
    }

    private async Task<BoardReply> SendInTurnAsync(BoardTransport transport, BoardCall call, CancellationToken token)
    {
        if (_logIn is not { } logIn)
        {
            return await transport.SendAsync(call, bearer: null, token);
        }

        logIn.CheckBan();
        if (logIn.Token is null)
        {
            await LogInAsync(logIn, token);
        }

        if (call.Kind != CallKind.Read)
        {
            await logIn.CheckPasswordAsync(token);
        }

        var reply = await logIn.SendAsync(call, token);
        if (BoardLogIn.IsRefused(reply))
        {
            logIn.NoteLost(reply);

            // Refused before the call was looked at, so sending it again repeats nothing.
            await LogInAsync(logIn, token);
            reply = await logIn.SendAsync(call, token);
            if (BoardLogIn.IsRefused(reply))
            {
                logIn.NoteLost(reply);
                throw new UnreachableException($"Board {transport.Endpoint.Address.Authority} refuses the token that it has just given out.");
            }
        }

        logIn.NoteTaken();
        if (call.EndsSession)
        {
            logIn.Forget();
        }

        return reply;
    }

    private async Task<BoardReply> UploadInTurnAsync(BoardTransport transport, BoardUpload upload, CancellationToken token)
    {
        if (_logIn is not { Token: { } bearer } logIn)
        {
            // The transfer was begun with a token that a restart has ended, and the transfer with it.
            throw new BusyException(BoardTransport.UploadBroken, "The board has ended the session in which the transfer was begun.");
        }

        logIn.CheckBan();
        var reply = await transport.UploadAsync(upload, bearer, token);
        if (BoardLogIn.IsRefused(reply))
        {
            logIn.NoteLost(reply);
            throw new BusyException(BoardTransport.UploadBroken, "The board no longer knows the session in which the transfer was begun.");
        }

        logIn.NoteTaken();
        return reply;
    }

    private async Task LogInAsync(BoardLogIn logIn, CancellationToken token)
    {
        await logIn.LogInAsync(token);
        Interlocked.Increment(ref _logIns);
    }

    /// <summary>Tells what the exchange showed of the board itself: its certificate and the maker's password.</summary>
    private async Task<BoardReply> TellingAsync(BoardTransport transport, Func<Task<BoardReply>> exchange)
    {
        try
        {
            return await exchange();
        }
        finally
        {
            if (transport.CertificateRefusal is { } refusal)
            {
                notices.ReportRefused(refusal);
            }
            else if (transport.Endpoint.IsPlain || transport.Certificate is not null)
            {
                var standing = new BoardStanding
                {
                    IsEncrypted = !transport.Endpoint.IsPlain,
                    Certificate = transport.Certificate,
                    AcceptsDefaultPassword = _logIn?.AcceptsDefaultPassword,
                    VoidTokens = _logIn?.VoidTokens ?? 0,
                };
                Volatile.Write(ref _standing, standing);
                notices.Report(transport.Endpoint, standing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Upload {Handle} was broken off.")]
    private partial void LogBrokenOff(uint handle);
}
