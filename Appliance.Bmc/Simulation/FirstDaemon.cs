using System.Text;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>The C program of firmware up to 1.1.0: plain HTTP, no log-in, always 200 and text, whatever the method.</summary>
internal sealed class FirstDaemon : IBoardDaemon
{
    private const string Api = "/api/bmc";

    private readonly CancellationTokenSource _end = new();
    private readonly FirstCalls _calls;
    private int _requests;

    public FirstDaemon(BoardHardware hardware, BoardProfile profile, Action<Interruption> interrupt) =>
        _calls = new FirstCalls(hardware, profile, new FlashMode(hardware), interrupt);

    public int Requests => Volatile.Read(ref _requests);

    public int LogIns => 0;

    public int Bans => 0;

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path.Value != Api)
        {
            await BoardAnswer.Page(BoardDaemon.WebPage).WriteAsync(context.Response, context.RequestAborted);
            return;
        }

        Interlocked.Increment(ref _requests);
        context.Response.ContentType = "text/plain";
        if (await _calls.AnswerAsync(new BoardQuery(context.Request.QueryString.Value), _end.Token) is { } body)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
            return;
        }

        // A `get` of an unknown type writes the header and never ends the body.
        await context.Response.Body.FlushAsync(context.RequestAborted);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, context.RequestAborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _end.Dispose();
    }
}
