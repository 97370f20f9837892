using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules;

/// <summary>Puts the ruleset in force before the role answers, and keeps it up with protected addresses and with summer time.</summary>
internal sealed partial class RulesetKeeper(
    RuleBook rules, EnforcementHealth health, IOptions<BlockOptions> options, TimeProvider clock, ILogger<RulesetKeeper> logger) : BackgroundService
{
    public const string Part = EnforcementHealth.Part;

    private bool _isApplied;

    // Rules' times are rendered for the offset from UTC that holds when they are applied.
    private TimeSpan _offset;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(rules.Blocks.LoadAsync, cancellationToken);
        LogMode(rules.Firewall.Description);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ProtectedRefresh, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (rules.Protected.Refresh() || !_isApplied || clock.GetLocalNow().Offset != _offset)
                {
                    await TryAsync(rules.Blocks.ReconcileAsync, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops; what is in force stays in force.
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> apply, CancellationToken cancellationToken)
    {
        try
        {
            var offset = clock.GetLocalNow().Offset;
            await apply(cancellationToken);
            (_isApplied, _offset) = (true, offset);
            health.Applied();
        }
        catch (UnreachableException error)
        {
            // The rest of the role is of use without a firewall; the next round tries again.
            _isApplied = false;
            LogFault(error);
            health.Failed(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Firewall: {Description}")]
    private partial void LogMode(string description);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ruleset is not in force.")]
    private partial void LogFault(Exception error);
}
