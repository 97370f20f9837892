using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Devices;

/// <summary>Figures of the inventory for <c>/metrics</c>, read when they are asked for.</summary>
internal sealed class DeviceMeter(IMeterFactory meters, RunningRole running, DeviceInventory inventory, SightingQueue queue, DeviceRates rates) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableGauge("appliance.router.devices", CountDevices, "{device}", "Devices in the inventory, by state.");
        meter.CreateObservableCounter("appliance.router.evicted_devices", () => inventory.EvictedCount, "{device}", "Devices forgotten since there were too many.");
        meter.CreateObservableCounter("appliance.router.refused_devices", () => inventory.RefusedCount, "{device}", "Times that a new device found no room.");
        meter.CreateObservableCounter("appliance.router.dropped_sightings", () => queue.DroppedCount, "{sighting}", "Facts that the inventory came too late for.");
        meter.CreateObservableCounter("appliance.router.uncounted_frames", () => rates.UncountedCount, "{packet}", "Frames in no device's rate, since too many stations sent in one second.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> CountDevices() => inventory.All
        .GroupBy(device => device.State)
        .Select(group => new Measurement<int>(group.Count(), new KeyValuePair<string, object?>("state", group.Key.ToString().ToLowerInvariant())));
}
