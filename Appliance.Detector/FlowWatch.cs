using Appliance.Detector.Flows;
using Appliance.Hosting.Clients;
using Microsoft.Extensions.Hosting;

namespace Appliance.Detector;

/// <summary>Pulls flow events from the Router as long as the program runs.</summary>
internal sealed class FlowWatch(FlowClient flows, WatchLoop loop, FlowIntake intake) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await loop.RunAsync("router flows", WatchAsync, stoppingToken);
        intake.Close();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var batch in flows.WatchAsync(intake.Cursor, cancellationToken))
        {
            intake.Take(batch);
        }
    }
}
