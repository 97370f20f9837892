using Appliance.Logger.Alerts;
using Appliance.Logger.Export;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Fanout;

/// <summary>Publishes the outbox over one connection to the broker, as alerts come.</summary>
internal sealed partial class OutboxTeller(
    AlertStore store, AlertOutbox outbox, FanoutSettings settings, FanoutMeter meter, ILogger<OutboxTeller> logger)
{
    // Enough to hide the round trip to another's broker; one transaction clears them together.
    private const int BatchSize = 64;
    private static readonly TimeSpan SettleInterval = TimeSpan.FromMinutes(1);

    /// <remarks>
    /// A new connection may be to a restarted broker, whose subscribers are not back yet. So what waits already, and what was told
    /// shortly before, is told after a delay; what comes meanwhile is told at once.
    /// </remarks>
    public async Task RunAsync(IAlertBroker broker, CancellationToken token)
    {
        long backlog = outbox.LastNumber;
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(token);
        await using var changes = store.WatchAsync(watching.Token).GetAsyncEnumerator(watching.Token);
        var change = changes.MoveNextAsync().AsTask();
        try
        {
            var timer = Task.Delay(settings.Mqtt.ReplayDelay, settings.Clock, token);
            bool replayed = false;
            while (true)
            {
                await DrainAsync(broker, replayed ? 0 : backlog, token);
                if (await Task.WhenAny(change, timer) == timer)
                {
                    await timer;
                    Keep(ref replayed);
                    timer = Task.Delay(SettleInterval, settings.Clock, token);
                }
                else
                {
                    await change;
                    change = changes.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // An enumerator cannot be disposed of while it is being read.
            await watching.CancelAsync();
            await ((Task)change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Keep(ref bool replayed)
    {
        if (replayed)
        {
            outbox.Settle(settings.Mqtt.ReplayWindow);
            return;
        }

        int count = outbox.Replay();
        replayed = true;
        meter.Replayed.Add(count);
        if (count > 0)
        {
            LogReplayed(count);
        }
    }

    private async Task DrainAsync(IAlertBroker broker, long after, CancellationToken token)
    {
        while (outbox.Peek(BatchSize, after) is { Count: > 0 } entries)
        {
            await Task.WhenAll(entries.Select(entry => broker.PublishAsync(Message(entry.Alert), token)));
            outbox.Clear(entries);
            meter.Published.Add(entries.Count);
        }
    }

    private BrokerMessage Message(StoredAlert alert) =>
        new(settings.Topics.Alert(alert.Severity, alert.Category), AlertLine.From(alert).ToUtf8(), Retain: false);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} alerts told shortly before are told again, since the broker may have restarted; their ids are the same.")]
    private partial void LogReplayed(int count);
}
