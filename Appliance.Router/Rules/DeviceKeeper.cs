using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>Keeps blocked devices blocked and quarantined ones in, renews their blocks before they end and notes when somebody lifts one; follows the devices' daily schedules.</summary>
internal sealed partial class DeviceKeeper(DeviceInventory devices, DeviceControl control, BlockStore blocks, TimeProvider clock, ILogger<DeviceKeeper> logger) : BackgroundService
{
    private const string Creator = "devices";

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // A schedule is written to the minute.
    private static readonly TimeSpan ScheduleInterval = TimeSpan.FromSeconds(15);

    // A block has 30 days; a Router that is off for less finds it standing.
    private static readonly TimeSpan RenewedWithin = TimeSpan.FromDays(29);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RenewAsync(stoppingToken), FollowAsync(stoppingToken), FollowSchedulesAsync(stoppingToken));

    private async Task RenewAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                foreach (var device in devices.All.Where(device => device.State is DeviceState.Blocked or DeviceState.Quarantined))
                {
                    await TryRenewAsync(device, token);
                }
            }
            while (await timer.WaitForNextTickAsync(token));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The Router stops; what is in force stays in force.
        }
    }

    private async Task TryRenewAsync(Device device, CancellationToken token)
    {
        var barrier = new DeviceBarrier(blocks, clock);
        if (barrier.Find(device) is { } block && block.ExpireTime - clock.GetUtcNow() > RenewedWithin)
        {
            return;
        }

        try
        {
            await barrier.CloseAsync(device.Mac, device.State, "", Creator, token);
        }
        catch (ApplianceException error)
        {
            LogFault(device.Id, error);
        }
    }

    private async Task FollowAsync(CancellationToken token)
    {
        try
        {
            while (true)
            {
                await FollowOnceAsync(token);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The Router stops.
        }
    }

    private async Task FollowSchedulesAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(ScheduleInterval, clock);
        try
        {
            do
            {
                try
                {
                    await control.KeepLimitsAsync(token);
                }
                catch (ApplianceException error)
                {
                    LogLimitsFault(error);
                }
            }
            while (await timer.WaitForNextTickAsync(token));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The Router stops; what is in force stays in force.
        }
    }

    private async Task FollowOnceAsync(CancellationToken token)
    {
        using var watch = blocks.Watch();
        try
        {
            await foreach (var change in watch.Changes.ReadAllAsync(token))
            {
                if (change.EndCause is EndCause.Lifted or EndCause.Protected && DeviceBarrier.StateOf(change.Block) is { } state)
                {
                    await control.ReopenAsync(new MacAddress((ulong)change.Block.Target.Value), state, token);
                }
            }
        }
        catch (LimitExceededException)
        {
            // Thousands of blocks ended at once; those missed are made anew within the hour.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Limits of devices' policies and schedules are not in force as they should be; they are tried again in seconds.")]
    private partial void LogLimitsFault(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The block of device {DeviceId} could not be renewed; it is tried again in an hour.")]
    private partial void LogFault(string deviceId, Exception error);
}
