using System.ComponentModel;
using Appliance.Hosting.Health;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Nftables;

/// <summary>Follows the kernel's connections where it enforces, and has it count their packets.</summary>
internal sealed class ConntrackWatch(
    FirewallChoice firewall, IConnectionTracker connections, NatTable translations, TimeProvider clock, HealthBoard board) : BackgroundService
{
    public const string Part = "connections";
    private const string Accounting = "nf_conntrack_acct";

    // On a thread of its own, since it waits in the kernel.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => firewall.OpenPlace() is { } place
        ? Task.Factory.StartNew(() => Follow(place, stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.CompletedTask;

    private void Follow(KernelPlace place, CancellationToken token)
    {
        try
        {
            using var events = new ConntrackEvents(place.OpenNetlink(), connections, translations, clock);
            Report(place);
            events.Run(token);
        }
        catch (Win32Exception error)
        {
            board.Report(Part, PartState.Failed, $"Connections in {place.Name} are not followed, so flows do not show the other side of NAT: {error.Message}");
        }
    }

    private void Report(KernelPlace place)
    {
        // Off by default; what has begun before it is on is never counted.
        var fault = place.Set(Accounting, "1");
        board.Report(
            Part,
            fault is null ? PartState.Healthy : PartState.Degraded,
            fault is null
                ? $"Follows connections in {place.Name}."
                : $"Follows connections in {place.Name}, without their counters, since {Accounting} can't be set: {fault}");
    }
}
