using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules.Keeping;

/// <summary>Has the kernel looked at when somebody else changes our table, and every now and then.</summary>
internal sealed partial class RulesetWatch(
    RulesetReconciler reconciler, IKernelRuleset kernel, IOptions<KeepingOptions> options, TimeProvider clock, ILogger<RulesetWatch> logger) : BackgroundService
{
    // Whoever fights with us over the table shall not have the gateway do nothing else.
    private static readonly TimeSpan PauseAfterRepair = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await kernel.WaitAsync(options.Value.LookInterval, stoppingToken);
                if (!await TryLookAsync(stoppingToken))
                {
                    await Task.Delay(PauseAfterRepair, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops; what is in force stays in force.
        }
    }

    /// <summary>True when all was as it should be.</summary>
    private async Task<bool> TryLookAsync(CancellationToken token)
    {
        try
        {
            return !await reconciler.LookAsync(token);
        }
#pragma warning disable CA1031 // A kernel that can't be asked now must not end keeping for good: it is told and tried again.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFault(error);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The kernel's ruleset could not be looked at; it is tried again.")]
    private partial void LogFault(Exception error);
}
