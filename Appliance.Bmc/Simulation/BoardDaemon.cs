using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>One life of bmcd: its tokens and transfers end with it, the hardware does not.</summary>
internal sealed class BoardDaemon : IBoardDaemon
{
    public const string WebPage = "<!DOCTYPE html><html><head><title>Turing Pi</title></head><body></body></html>";

    private const string Api = "/api/bmc";

    // actix takes no more of a body that is not a form; a log-in needs a hundred bytes.
    private const int MaxBodyBytes = 256 * 1024;

    private readonly CancellationTokenSource _end = new();
    private readonly BoardProfile _profile;
    private readonly BoardFaults _faults;
    private readonly SemaphoreSlim _oneAtATime;
    private readonly Sessions _sessions;
    private readonly CallTable _table;
    private readonly PowerCalls _power;
    private readonly ConsoleCalls _consoles;
    private readonly BoardCalls _board;
    private readonly TransferCalls _transfers;
    private int _requests;
    private int _logIns;

    public BoardDaemon(SimulatorOptions options, BoardHardware hardware, BoardAccount account, TimeProvider clock, Action<Interruption> interrupt)
    {
        var flashMode = new FlashMode(hardware);
        _profile = options.Profile;
        _faults = options.Faults;
        _oneAtATime = new SemaphoreSlim(options.Serialized ? 1 : int.MaxValue);
        _sessions = new Sessions(_profile, account, clock);
        _power = new PowerCalls(hardware, clock);
        _board = new BoardCalls(hardware, _profile, clock, interrupt);
        _consoles = new ConsoleCalls(hardware, _profile);
        var worker = new TransferWorker(hardware, flashMode, options, clock, interrupt);
        _transfers = new TransferCalls(new TransferDesk(worker, clock, _end.Token), options);
        _table = new CallTable(_profile);
        _power.Register(_table);
        _board.Register(_table);
        _consoles.Register(_table);
        new UsbCalls(hardware, _profile, flashMode).Register(_table);
    }

    public int Requests => Volatile.Read(ref _requests);

    public int Bans => _sessions.Bans;

    public int LogIns => Volatile.Read(ref _logIns);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await _faults.SpeaksAsync(context.RequestAborted);
            if (await AnswerAsync(context) is { } answer)
            {
                await answer.WriteAsync(context.Response, context.RequestAborted);
                return;
            }
        }
        catch (Exception error) when (error is not BadHttpRequestException)
        {
            // A handler of the daemon that panics, a client that left, a daemon that ends: the connection breaks, the board goes on.
        }

        context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _transfers.EndAsync();
        _end.Dispose();
        _oneAtATime.Dispose();
    }

    /// <summary>Null where the connection breaks without an answer.</summary>
    private async Task<BoardAnswer?> AnswerAsync(HttpContext context)
    {
        if (!context.Request.IsHttps)
        {
            return PortEighty.Answer(context.Request, _board.Other);
        }

        var path = context.Request.Path.Value ?? "";
        if (path != Api && !path.StartsWith(Api + "/", StringComparison.Ordinal))
        {
            // The web UI answers for every other path, with 200 whatever it was.
            return BoardAnswer.Page(WebPage);
        }

        Interlocked.Increment(ref _requests);
        return await AnswerInTurnAsync(context, path[Api.Length..]);
    }

    /// <summary>
    /// The daemon's authentication layer holds its lock while the call runs (all tags from 2.0.1 to 2.3.7),
    /// so a status call waits for a whole upload.
    /// </summary>
    private async Task<BoardAnswer?> AnswerInTurnAsync(HttpContext context, string path)
    {
        await _oneAtATime.WaitAsync(context.RequestAborted);
        try
        {
            return await AnswerAsync(context, path);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<BoardAnswer?> AnswerAsync(HttpContext context, string path)
    {
        // Loopback is no exception here, unlike on the board: else no client would ever log in.
        var peer = (context.Connection.RemoteIpAddress ?? IPAddress.None).ToString();
        if (path == "/authenticate")
        {
            Interlocked.Increment(ref _logIns);
            return _sessions.LogIn(peer, await ReadBodyAsync(context.Request, context.RequestAborted));
        }

        var authorization = context.Request.Headers.Authorization;
        var refusal = _sessions.Check(peer, authorization.Count == 0 ? null : authorization.ToString());
        return refusal ?? await RouteAsync(context.Request, path);
    }

    private async Task<BoardAnswer?> RouteAsync(HttpRequest request, string path)
    {
        var isGet = HttpMethods.IsGet(request.Method);
        var isPost = HttpMethods.IsPost(request.Method);
        return path switch
        {
            "" => await AnswerResourceAsync(request, isGet, isPost),
            "/info" when isGet => _board.Other(),
            "/backup" when isGet => _board.Backup(),
            "/serial/status" when isPost && _profile.SerialService => ConsoleCalls.Workers(),
            "/serial/ws" when isGet && _profile.SerialService => await _consoles.OpenSocketAsync(request, _end.Token),
            _ when isPost && TryHandle(path, "", out var handle) => await _transfers.UploadAsync(request, handle, request.HttpContext.RequestAborted),
            _ when isGet && TryHandle(path, "/cancel", out _) => _transfers.Cancel(),
            _ => BoardAnswer.Page(WebPage),
        };
    }

    private async Task<BoardAnswer?> AnswerResourceAsync(HttpRequest request, bool isGet, bool isPost)
    {
        var query = new BoardQuery(request.QueryString.Value);
        return (isGet, isPost) switch
        {
            (true, _) when TransferCalls.IsTransfer(query, "get") => _transfers.Status(),
            (true, _) when TransferCalls.IsTransfer(query, "set") => _transfers.Begin(query),
            // A call goes on when its client leaves; only the daemon's end stops it.
            (true, _) => await _table.AnswerAsync(query, _end.Token),
            (_, true) when _profile.Readable.Contains("node_info") && query["opt"] == "set" && query["type"] == "node_info" =>
                _power.SetNodes(await ReadBodyAsync(request, _end.Token)),
            _ => BoardAnswer.Empty(StatusCodes.Status405MethodNotAllowed) with { Headers = [("Allow", _profile.AllowedMethods)] },
        };
    }

    /// <summary>The whole body, or nothing where it is longer than the daemon reads.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken token)
    {
        var buffer = new byte[MaxBodyBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token);
        return length <= MaxBodyBytes ? buffer.AsMemory(0, length) : default;
    }

    private static bool TryHandle(string path, string ending, out uint handle)
    {
        handle = 0;
        const string Prefix = "/upload/";
        return path.StartsWith(Prefix, StringComparison.Ordinal)
            && path.EndsWith(ending, StringComparison.Ordinal)
            && uint.TryParse(path.AsSpan(Prefix.Length, Math.Max(0, path.Length - Prefix.Length - ending.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out handle);
    }
}
