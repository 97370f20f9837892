using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Looks for slots to restore, where the configuration says that they are.</summary>
internal sealed class DriftLoop(DriftRestore restore, SlotMonitor monitor, IOptions<SlotOptions> options, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Drift != DriftAction.Restore)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.PollInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await restore.LookAsync(monitor.Current, clock.GetUtcNow() - options.Value.RestoreAfter, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }
}
