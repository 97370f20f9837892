using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Health;

/// <summary>Tells the service manager that the role is ready, and that it lives for as long as it answers a call of its own; a role that hangs is then ended and started anew.</summary>
/// <remarks>
/// A failed part is no reason to be silent: no restart brings back a certificate that has ended or a disk that is full, and a role that is ended can't say so.
/// AddSystemd alone says nothing where it can't see its parent (ProtectProc=invisible), and never that the process lives.
/// </remarks>
internal sealed partial class ServiceNotice(
    ServiceOrder order, OwnCall call, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ServiceNotice> logger) : BackgroundService
{
    private const string Ready = "READY=1";
    private const string Alive = "WATCHDOG=1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (order.Socket.Length == 0)
        {
            return;
        }

        try
        {
            await StartedAsync(stoppingToken);
            await TellAsync(Ready, stoppingToken);
            if (order.Period > TimeSpan.Zero)
            {
                // sd_watchdog_enabled(3) asks for half of the period; a third leaves room for one call that is late.
                await WatchAsync(order.Period / 3, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private async Task WatchAsync(TimeSpan interval, CancellationToken token)
    {
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            if (await call.IsAnsweredAsync(interval, token))
            {
                await TellAsync(Alive, token);
            }
            else
            {
                LogSilent(call.Address, order.Period.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(token));
    }

    private async Task TellAsync(string word, CancellationToken token)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            await socket.SendToAsync(Encoding.ASCII.GetBytes(word), SocketFlags.None, new UnixDomainSocketEndPoint(Name(order.Socket)), token);
        }
        catch (SocketException error)
        {
            LogUntold(error, order.Socket, word);
        }
    }

    // unix(7): a name without a file begins with a zero byte, which the environment can't hold.
    private static string Name(string socket) => socket[0] == '@' ? $"\0{socket[1..]}" : socket;

    private async Task StartedAsync(CancellationToken token)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(token);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The role did not answer its own call at {Address}; after {Period} s of this the service manager ends it.")]
    private partial void LogSilent(Uri address, double period);

    [LoggerMessage(Level = LogLevel.Error, Message = "The service manager could not be told {Word} at {Socket}.")]
    private partial void LogUntold(Exception error, string socket, string word);
}
