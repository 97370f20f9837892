using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Rules;

/// <summary>Figures of the firewall for <c>/metrics</c>, read when they are asked for.</summary>
internal sealed class RuleMeter(IMeterFactory meters, RunningRole running, RuleBook rules) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableGauge("appliance.router.blocks", CountBlocks, "{block}", "Standing blocks, by action and whether the kernel enforces them.");
        meter.CreateObservableCounter(
            "appliance.router.blocked.packets",
            () => rules.Firewall.ReadDrops().Select(drop => new Measurement<long>(drop.Packets, new KeyValuePair<string, object?>("set", drop.Set))),
            "{packet}",
            "Packets that blocks and rate limits dropped, by kernel set.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> CountBlocks() => rules.Blocks.All
        .GroupBy(block => (block.Action, IsEnforced: rules.Enforcer.Holds(block)))
        .Select(group => new Measurement<int>(
            group.Count(),
            new KeyValuePair<string, object?>("action", Word(group.Key.Action)),
            new KeyValuePair<string, object?>("enforced", group.Key.IsEnforced)));

    private static string Word(BlockAction action) => action switch
    {
        BlockAction.Drop => "drop",
        BlockAction.RateLimit => "rate-limit",
        _ => "quarantine",
    };
}
