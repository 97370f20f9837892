using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>Ends blocks when their time is over on the wall clock.</summary>
internal sealed partial class BlockExpiry(BlockStore store, TimeProvider clock, ILogger<BlockExpiry> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.ExpireAsync(stoppingToken);
                await store.WaitForDueAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // A full disk must not end expiry for good: it is told and tried again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFault(error);
                await Task.Delay(PauseAfterFault, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Blocks that are due could not be ended; it is tried again in a second.")]
    private partial void LogFault(Exception error);
}
