using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Rules.Keeping;

/// <summary>Figures of what keeps the ruleset for <c>/metrics</c>, read when they are asked for.</summary>
internal sealed class KeepingMeter(IMeterFactory meters, RunningRole running, EnforcementHealth health, ForeignChangeReport report) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableGauge("appliance.router.enforcement_ratio", () => health.Ratio, "{share}", "Share of what should be in the kernel's firewall that is there.");
        meter.CreateObservableCounter<long>(
            "appliance.router.foreign_changes",
            () => [Of("table", report.TablesCount), Of("blocks", report.ElementsCount)],
            "{change}",
            "Changes that others made to the firewall's table, by what they changed.");
        meter.CreateObservableCounter("appliance.router.restored_blocks", () => report.RestoredCount, "{element}", "Elements of blocks that were put back into the kernel, or taken out since no block stood for them.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(string part, long count) => new(count, new KeyValuePair<string, object?>("part", part));
}
