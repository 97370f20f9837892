using Appliance.Hosting.Health;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Nftables;

/// <summary>Has the kernel count the packets of connections where it enforces.</summary>
internal sealed class ConntrackWatch(FirewallChoice firewall, HealthBoard board) : IHostedService
{
    public const string Part = "connections";
    private const string Accounting = "nf_conntrack_acct";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (firewall.OpenPlace() is { } place)
        {
            Report(place);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Report(KernelPlace place)
    {
        // Off by default; what has begun before it is on is never counted.
        var fault = place.Set(Accounting, "1");
        board.Report(
            Part,
            fault is null ? PartState.Healthy : PartState.Degraded,
            fault is null
                ? $"Lists connections in {place.Name}."
                : $"Lists connections in {place.Name}, without their counters, since {Accounting} can't be set: {fault}");
    }
}
