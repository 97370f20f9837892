using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>Asks the router once a minute whether sessions go on: an account that was changed or removed sees nothing from then on.</summary>
internal sealed class SessionRecheck(SessionTable sessions, SessionClient router, TimeProvider clock) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (id, right) in sessions.Rights())
                {
                    if (await router.IsEndedAsync(right, stoppingToken))
                    {
                        sessions.End(id);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The Logger stops.
        }
    }
}
