using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Nftables;

/// <summary>Figures of the log of rules for <c>/metrics</c>, read when they are asked for.</summary>
internal sealed class RuleLogMeter(IMeterFactory meters, RunningRole running, RuleLogFigures figures) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableCounter("appliance.router.logged_packets", () => figures.LoggedCount, "{packet}", "Packets of rules that log which have a line in the log.");
        meter.CreateObservableCounter("appliance.router.unlogged_packets", () => figures.PassedOverCount, "{packet}", "Packets of rules that log which were beyond the lines of a second.");
        meter.CreateObservableCounter("appliance.router.lost_logged_packets", () => figures.LostCount, "{packet}", "Packets of rules that log which the kernel dropped before the Router could hear of them.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
