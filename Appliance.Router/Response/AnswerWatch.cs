using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Response;

/// <summary>Tells of answers that end before their time, because somebody has lifted them or their target became a protected address.</summary>
internal sealed partial class AnswerWatch(BlockStore blocks, AnswerEvents events, ILogger<AnswerWatch> logger) : BackgroundService
{
    // From here on, before the first answer: what an earlier run left is loaded by then.
    private BlockWatch _watch = blocks.Watch();

    public override void Dispose()
    {
        _watch.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _watch.Changes.ReadAllAsync(stoppingToken))
                {
                    if (change is { EndCause: EndCause.Lifted or EndCause.Protected, Block.AlertId.Length: > 0 })
                    {
                        events.Ended(change.Block, change.EndCause.Value);
                    }
                }
            }
            catch (LimitExceededException error)
            {
                LogMissed(error);
                _watch.Dispose();
                _watch = blocks.Watch();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blocks changed faster than their ends could be told; the block table has them.")]
    private partial void LogMissed(Exception error);
}
