using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging;

namespace Appliance.Detector;

/// <summary>Tells operators how the intake fares: counts, health and log.</summary>
internal sealed partial class IntakeReport(DetectorMeter meter, HealthBoard board, TimeProvider clock, ILogger<IntakeReport> logger)
{
    private const string StorePart = "alert store";

    private (long Events, long Findings, long Forgotten) _told;
    private bool _isFailing;

    public void Progress(DetectionPath path, ulong missed, DateTimeOffset captureTime)
    {
        var (events, findings, forgotten) = (path.EventsCount, path.FindingsCount, path.EvictedCount);
        meter.Progress(events - _told.Events, missed, findings - _told.Findings, forgotten - _told.Forgotten);
        meter.Lag(clock.GetUtcNow() - captureTime);
        _told = (events, findings, forgotten);
        if (missed > 0)
        {
            LogMissed(missed);
        }
    }

    public void Saved(IReadOnlyList<Alert> raised)
    {
        foreach (var alert in raised)
        {
            meter.Raised(alert);
            LogRaised(alert.Id, alert.Category, alert.Severity, alert.Source);
        }

        if (_isFailing)
        {
            LogSavedAgain();
        }

        _isFailing = false;
        board.Report(StorePart, PartState.Healthy, "alerts are on disk before they are shown");
    }

    public void Unsaved(int count, Exception error)
    {
        if (!_isFailing)
        {
            LogUnsaved(count, error);
        }

        _isFailing = true;
        board.Report(StorePart, PartState.Failed, $"{count} alerts wait for the disk: {error.Message}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {AlertId}: {Category} of {Severity} severity from {Source}.")]
    private partial void LogRaised(string alertId, Category category, Severity severity, Suspect source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Router no longer held {Count} flow events; what happened in them was not looked at.")]
    private partial void LogMissed(ulong count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} alerts could not be written and wait in memory; look for space and health of the disk.")]
    private partial void LogUnsaved(int count, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alerts are written again.")]
    private partial void LogSavedAgain();
}
