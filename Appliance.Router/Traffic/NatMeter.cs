using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Traffic;

/// <summary>Figures of translated connections for <c>/metrics</c>, read when they are asked for.</summary>
internal sealed class NatMeter(IMeterFactory meters, RunningRole running, NatTable translations) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableGauge("appliance.router.translations", () => translations.Count, "{connection}", "Translated connections known, those that have just ended among them.");
        meter.CreateObservableCounter("appliance.router.evicted_translations", () => translations.EvictedCount, "{connection}", "Translated connections forgotten since there were too many.");
        meter.CreateObservableCounter(
            "appliance.router.connection_event_losses", () => translations.LossCount, "{loss}", "Times that the kernel's connection events overflowed, each made good by reading its whole table.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
