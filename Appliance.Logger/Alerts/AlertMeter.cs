using System.Diagnostics.Metrics;

namespace Appliance.Logger.Alerts;

/// <summary>What the alert store counts.</summary>
internal sealed class AlertMeter
{
    public AlertMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Appliance.Logger");
        Stored = meter.CreateCounter<long>("appliance.logger.alerts.stored", "{alert}", "Alerts stored, new ones and new revisions.");
        Refused = meter.CreateCounter<long>("appliance.logger.alerts.refused", "{alert}", "Alerts of the Detector that could not be read.");
        WatcherDrops = meter.CreateCounter<long>("appliance.logger.alerts.watcher.dropped", "{alert}", "Changes that a slow watcher inside the Logger lost.");
        OutboxDrops = meter.CreateCounter<long>("appliance.logger.outbox.dropped", "{alert}", "Alerts that retention removed before the broker took them.");
    }

    public Counter<long> Stored { get; }

    public Counter<long> Refused { get; }

    public Counter<long> WatcherDrops { get; }

    public Counter<long> OutboxDrops { get; }
}
