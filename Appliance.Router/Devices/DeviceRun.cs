using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Devices;

/// <summary>Carries what the packets tell of devices into the inventory, and takes rates once a second.</summary>
internal sealed partial class DeviceRun(SightingQueue queue, DeviceInventory inventory, DeviceRates rates, TimeProvider clock, ILogger<DeviceRun> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private bool _hasFailed;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        inventory.Load();
        rates.Begin();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        TryFlush();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ReadAsync(stoppingToken), TickAsync(stoppingToken));

    private async Task ReadAsync(CancellationToken token)
    {
        try
        {
            await foreach (var sighting in queue.Reader.ReadAllAsync(token))
            {
                inventory.Learn(sighting);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The Router stops.
        }
    }

    private async Task TickAsync(CancellationToken token)
    {
        var stamp = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(token))
            {
                var now = clock.GetTimestamp();
                inventory.See(rates.Take(clock.GetElapsedTime(stamp, now)));
                stamp = now;
                TryFlush();
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The Router stops.
        }
    }

    private void TryFlush()
    {
        try
        {
            inventory.Flush();
            _hasFailed = false;
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            // Said once, however often it is tried again.
            if (!_hasFailed)
            {
                LogUnwritable(error);
            }

            _hasFailed = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The inventory cannot be written down; it is tried again each second.")]
    private partial void LogUnwritable(Exception error);
}
