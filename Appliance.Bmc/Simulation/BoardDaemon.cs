using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>One life of the board's daemon: its tokens and transfers end with it, the hardware does not.</summary>
internal sealed class BoardDaemon : IAsyncDisposable
{
    private const string Api = "/api/bmc";
    private const string WebPage = "<!DOCTYPE html><html><head><title>Turing Pi</title></head><body></body></html>";

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _oneAtATime;
    private readonly Sessions _sessions;
    private readonly CallTable _table;
    private readonly PowerCalls _power;
    private readonly BoardCalls _board;
    private readonly TransferCalls _transfers;
    private int _requests;
    private int _logIns;

    public BoardDaemon(SimulatorOptions options, BoardHardware hardware, TimeProvider clock, Action<TimeSpan> restart)
    {
        var profile = options.Profile;
        var flashMode = new FlashMode(hardware);
        _oneAtATime = new SemaphoreSlim(options.Serialized ? 1 : int.MaxValue);
        _sessions = new Sessions(options, clock);
        _power = new PowerCalls(hardware, clock);
        _board = new BoardCalls(hardware, profile, clock, restart);
        _transfers = new TransferCalls(new TransferDesk(new TransferWorker(hardware, flashMode), clock, _end.Token), profile);
        _table = new CallTable(profile);
        _power.Register(_table);
        _board.Register(_table);
        new UsbCalls(hardware, profile, flashMode).Register(_table);
        new ConsoleCalls(hardware, profile).Register(_table);
    }

    /// <summary>Requests that reached the API, log-ins among them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public int Bans => _sessions.Bans;

    public int LogIns => Volatile.Read(ref _logIns);

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path != Api && !path.StartsWith(Api + "/", StringComparison.Ordinal))
        {
            // The web UI answers for every other path, with 200 whatever it was.
            await BoardAnswer.Page(WebPage).WriteAsync(context.Response, context.RequestAborted);
            return;
        }

        Interlocked.Increment(ref _requests);
        var answer = await AnswerInTurnAsync(context, path[Api.Length..]);
        if (answer == BoardAnswer.Dropped)
        {
            context.Abort();
            return;
        }

        await answer.WriteAsync(context.Response, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _end.Dispose();
        _oneAtATime.Dispose();
    }

    /// <summary>
    /// The daemon's authentication layer holds its lock while the call runs (all tags from 2.0.1 to 2.3.7),
    /// so a status call waits for a whole upload.
    /// </summary>
    private async Task<BoardAnswer> AnswerInTurnAsync(HttpContext context, string path)
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

    private async Task<BoardAnswer> AnswerAsync(HttpContext context, string path)
    {
        // Loopback is no exception here, unlike on the board: else no client would ever log in.
        var peer = (context.Connection.RemoteIpAddress ?? IPAddress.None).ToString();
        if (path == "/authenticate")
        {
            Interlocked.Increment(ref _logIns);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return _sessions.LogIn(peer, body.ToArray());
        }

        var authorization = context.Request.Headers.Authorization;
        var refusal = _sessions.Check(peer, authorization.Count == 0 ? null : authorization.ToString());
        return refusal ?? await RouteAsync(context.Request, path);
    }

    private async Task<BoardAnswer> RouteAsync(HttpRequest request, string path)
    {
        var isGet = HttpMethods.IsGet(request.Method);
        var isPost = HttpMethods.IsPost(request.Method);
        return path switch
        {
            "" => await AnswerResourceAsync(request, isGet, isPost),
            "/info" when isGet => _board.Other(),
            "/backup" when isGet => _board.Backup(),
            "/serial/status" when isPost => ConsoleCalls.Workers(),
            _ when isPost && TryHandle(path, "", out var handle) =>
                await _transfers.UploadAsync(request, handle, request.HttpContext.RequestAborted),
            _ when isGet && TryHandle(path, "/cancel", out _) => _transfers.Cancel(),
            _ => BoardAnswer.Page(WebPage),
        };
    }

    private async Task<BoardAnswer> AnswerResourceAsync(HttpRequest request, bool isGet, bool isPost)
    {
        var query = new BoardQuery(request.QueryString.Value);
        return (isGet, isPost) switch
        {
            (true, _) when TransferCalls.IsTransfer(query, "get") => _transfers.Status(),
            (true, _) when TransferCalls.IsTransfer(query, "set") => _transfers.Begin(query),
            // A call goes on when its client leaves; only the daemon's end stops it.
            (true, _) => await _table.AnswerAsync(query, _end.Token),
            (_, true) when query["opt"] == "set" && query["type"] == "node_info" => await _power.SetNodesAsync(request, _end.Token),
            _ => BoardAnswer.Empty(StatusCodes.Status405MethodNotAllowed) with { Headers = [("Allow", "GET, POST")] },
        };
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
