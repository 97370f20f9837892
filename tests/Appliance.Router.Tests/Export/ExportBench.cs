using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Export;

/// <summary>The export as the Router puts it together, without the rest of the Router.</summary>
internal sealed class ExportBench : IAsyncDisposable
{
    private readonly ExportRun _run;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private bool _hasStopped;

    public ExportBench(ExportOptions options, TimeProvider? clock = null, TimeSpan? activeInterval = null)
    {
        var time = clock ?? TimeProvider.System;
        var bound = Options.Create(options);
        Health = new HealthBoard(time);
        Queue = new ExportQueue(bound);
        Collectors = new CollectorSet(bound, Health, time, NullLogger<CollectorSession>.Instance);
        var meter = new ExportMeter(_services.GetRequiredService<IMeterFactory>(), new RunningRole(Role.Router), Queue, Collectors);
        Deltas = new FlowDeltas(Options.Create(new FlowOptions { ActiveInterval = activeInterval ?? TimeSpan.FromMinutes(1) }), bound);
        _run = new ExportRun(Queue, Deltas, Collectors, meter, time);
    }

    public HealthBoard Health { get; }

    public ExportQueue Queue { get; }

    public CollectorSet Collectors { get; }

    public FlowDeltas Deltas { get; }

    public static ExportOptions To(params CollectorOptions[] collectors) => new() { Collectors = [.. collectors] };

    public static CollectorOptions Udp(int port) => new() { Host = "127.0.0.1", Port = port };

    public static CollectorOptions Tcp(int port) => new() { Host = "127.0.0.1", Port = port, Transport = CollectorTransport.Tcp };

    public Task StartAsync() => _run.StartAsync(CancellationToken.None);

    public Task StopAsync()
    {
        _hasStopped = true;
        return _run.StoppedAsync(CancellationToken.None);
    }

    /// <summary>Waits until a collector's part of the health board is in a state.</summary>
    public async Task<string> WaitForAsync(PartState state)
    {
        await foreach (var part in Health.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (part.State == state)
            {
                return part.Text;
            }
        }

        throw new InvalidOperationException("The health board ended.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasStopped)
        {
            // Without waiting for last words: a session that pauses after a failure by a clock that nobody moves any more would hold the test for ever.
            await _run.StoppedAsync(new CancellationToken(canceled: true));
        }

        _run.Dispose();
        await _services.DisposeAsync();
    }
}
