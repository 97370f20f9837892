using Appliance.Hosting.Health;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Clients;

/// <summary>Keeps a stream going: whenever it ends it is begun again, slower with each failure.</summary>
public sealed class WatchLoop(HealthBoard board, TimeProvider clock, ILogger<WatchLoop> logger)
{
    /// <summary>Runs until the token is cancelled; the name is the part shown on the health board.</summary>
    public async Task RunAsync(string name, Func<CancellationToken, Task> watch, CancellationToken cancellationToken)
    {
        var attempts = new WatchAttempts(name, board, logger);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var settled = clock.CreateTimer(_ => attempts.Settle(), null, WatchAttempts.SettledAfter, Timeout.InfiniteTimeSpan);
                await watch(cancellationToken);
                attempts.Fail("the stream ended", null);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException error)
            {
                attempts.Fail($"{error.StatusCode}: {error.Status.Detail}", null);
            }
            catch (Exception error)
            {
                attempts.Fail(error.Message, error);
            }

            await PauseAsync(attempts.Backoff, cancellationToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }
}
