using System.Diagnostics.Metrics;

namespace Appliance.Logger.Fanout;

/// <summary>What the fan-out counts.</summary>
internal sealed class FanoutMeter
{
    private int _subscribers;

    public FanoutMeter(IMeterFactory meters, AlertOutbox outbox)
    {
        var meter = meters.Create("Appliance.Logger");
        Published = meter.CreateCounter<long>("appliance.logger.mqtt.published", "{alert}", "Alerts that the broker acknowledged.");
        Replayed = meter.CreateCounter<long>("appliance.logger.mqtt.replayed", "{alert}", "Alerts told again after a broker restart.");
        Dropped = meter.CreateCounter<long>("appliance.logger.mqtt.dropped", "{message}", "Messages that a slow subscriber of the embedded broker did not get.");
        Denied = meter.CreateCounter<long>("appliance.logger.mqtt.denied", "{request}", "Connections, publishes and subscriptions that the embedded broker denied.");
        meter.CreateObservableGauge("appliance.logger.outbox.pending", () => outbox.Pending, "{alert}", "Alerts that the broker has not acknowledged yet.");
        meter.CreateObservableGauge("appliance.logger.mqtt.subscribers", () => Volatile.Read(ref _subscribers), "{client}", "Clients connected to the embedded broker.");
    }

    public Counter<long> Published { get; }

    public Counter<long> Replayed { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> Denied { get; }

    public void CountSubscriber(int change) => Interlocked.Add(ref _subscribers, change);
}
