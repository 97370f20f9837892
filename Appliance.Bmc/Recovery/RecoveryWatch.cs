using Appliance.Hosting.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Recovery;

/// <summary>Makes the rounds again and again. A step is finished before the next look.</summary>
internal sealed partial class RecoveryWatch(RecoveryRounds rounds, RecoveryLedger ledger, IOptions<RecoveryOptions> options, TimeProvider clock, ILogger<RecoveryWatch> logger)
    : BackgroundService
{
    // Each try enters the audit, which may be what is full.
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(5);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        ledger.Restore();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops; a power cycle that is under way has switched on again by then, or is taken up at the next start.
        }
    }

    private async Task LookAsync(CancellationToken token)
    {
        try
        {
            await rounds.LookAsync(token);
        }
        catch (BusyException error)
        {
            // The audit or the journal can't be written: what can't be remembered is not done.
            LogHeld(error.Message, HeldFor);
            await Task.Delay(HeldFor, clock, token);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Recovery does nothing for {Time}: {Reason}")]
    private partial void LogHeld(string reason, TimeSpan time);
}
