using Appliance.Hosting.Errors;
using Appliance.Hosting.Listeners;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>Follows the addresses of nodes, and protects a person's as soon as he has shown who he is.</summary>
internal sealed partial class ProtectedKeeper(RuleBook rules, NamedHosts hosts, PeopleAddresses people, TimeProvider clock, ILogger<ProtectedKeeper> logger) : BackgroundService
{
    private volatile bool _isPending;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(FollowNamesAsync(stoppingToken), FollowPeopleAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The role stops; what is in force stays in force.
        }
    }

    private async Task FollowNamesAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(hosts.Interval, clock);
        do
        {
            await hosts.RefreshAsync(cancellationToken);
            await UpdateAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task FollowPeopleAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in people.Arrivals.ReadAllAsync(cancellationToken))
        {
            await UpdateAsync(cancellationToken);
        }
    }

    private async Task UpdateAsync(CancellationToken cancellationToken)
    {
        if (!rules.Protected.Refresh() && !_isPending)
        {
            return;
        }

        _isPending = true;
        try
        {
            await rules.Blocks.ReconcileAsync(cancellationToken);
            _isPending = false;
        }
        catch (UnreachableException error)
        {
            // The next round tries again.
            LogFault(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is protected has changed, and the ruleset with it is not in force.")]
    private partial void LogFault(Exception error);
}
