using Appliance.Logger.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Alerts;

/// <summary>Keeps the store within its number and age of alerts; the oldest go first.</summary>
internal sealed partial class AlertRetention(
    LoggerFile file, IOptions<AlertOptions> options, AlertMeter meter, TimeProvider clock, ILogger<AlertRetention> logger) : BackgroundService
{
    // A pass holds the write lock for some 10 ms, so a large one is cut up.
    private const int BatchSize = 1000;

    // What the Router did is kept by alert id also when the alert never came (it was suppressed, or the Detector was reset).
    private const string TrimResponses = """
        DELETE FROM response WHERE store_time < $before AND alert_id NOT IN (SELECT id FROM alert)
        """;

    /// <summary>Removes what is too much or too old; returns how many alerts.</summary>
    public int Trim()
    {
        var before = clock.GetUtcNow() - options.Value.KeepFor;
        int removed = 0;
        int last;
        do
        {
            last = TrimBatch(before);
            removed += last;
        }
        while (last >= BatchSize);

        if (removed > 0)
        {
            LogTrimmed(removed, options.Value.MaxAlerts, options.Value.KeepFor);
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        try
        {
            do
            {
                Trim();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private int TrimBatch(DateTimeOffset before)
    {
        lock (file.WriteLock)
        {
            using var transaction = file.Writer.BeginTransaction();
            file.Writer.Run(
                """
                CREATE TEMP TABLE IF NOT EXISTS trimmed (id TEXT PRIMARY KEY);
                DELETE FROM trimmed;
                INSERT INTO trimmed SELECT id FROM alert WHERE store_time < $before LIMIT $batch;
                INSERT OR IGNORE INTO trimmed SELECT id FROM alert ORDER BY time, id
                    LIMIT min($batch, max(0, (SELECT count(*) FROM alert) - $max));
                """,
                ("$max", options.Value.MaxAlerts), ("$before", before.UtcTicks), ("$batch", BatchSize));
            int untold = file.Writer.Run("DELETE FROM outbox WHERE alert_id IN (SELECT id FROM trimmed)");
            int removed = file.Writer.Run("DELETE FROM alert WHERE id IN (SELECT id FROM trimmed)");
            file.Writer.Run("DELETE FROM response WHERE alert_id IN (SELECT id FROM trimmed)");
            file.Writer.Run(TrimResponses, ("$before", before.UtcTicks));
            transaction.Commit();
            meter.OutboxDrops.Add(untold);
            return removed;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} alerts were removed; at most {MaxAlerts} are kept, for {KeepFor}.")]
    private partial void LogTrimmed(int count, int maxAlerts, TimeSpan keepFor);
}
