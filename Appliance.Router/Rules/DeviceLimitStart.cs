using Appliance.Router.Devices;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Rules;

/// <summary>Takes up the devices' limits before the first ruleset is put in force, so that no device is free for a moment at a start.</summary>
internal sealed class DeviceLimitStart(DeviceInventory devices, RulesetIntent intent, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        intent.Change(state => state with { Devices = DeviceLimits.Of(devices.All, clock.GetLocalNow()) });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
