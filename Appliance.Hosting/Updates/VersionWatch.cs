using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Updates;

/// <summary>Looks what runs and says so, until an activation has come to its end.</summary>
internal abstract class VersionWatch(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>One look; true once there is nothing more to wait for.</summary>
    public abstract bool Look();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (!Look())
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }
}
