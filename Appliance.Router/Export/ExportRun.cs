using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Export;

/// <summary>Exports flows for as long as the Router runs, and those that end with it too.</summary>
internal sealed class ExportRun(ExportQueue queue, FlowDeltas deltas, CollectorSet collectors, ExportMeter meter, TimeProvider clock) : IHostedLifecycleService, IDisposable
{
    // What is left when the Router stops is a message or two for each collector that is there.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (queue.IsWanted)
        {
            meter.Begin();
            _running = Task.WhenAll([ForwardAsync(_stop.Token), .. collectors.Sessions.Select(session => session.RunAsync(_stop.Token))]);
        }

        return Task.CompletedTask;
    }

    /// <summary>After all services have stopped, so that the flows that end with the capture have come.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await Task.WhenAny(_running, Task.Delay(LastWords, clock, cancellationToken));
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task ForwardAsync(CancellationToken token)
    {
        await foreach (var seen in queue.Reader.ReadAllAsync(token))
        {
            if (deltas.TryTake(seen, out var record))
            {
                collectors.Offer(record);
            }
        }

        collectors.Complete();
    }
}
