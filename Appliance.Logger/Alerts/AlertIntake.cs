using Appliance.Protos.Alerts.V1;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Alerts;

/// <summary>Brings alerts from the wire into the store; one that cannot be read is counted and passed over, so that it stops no other.</summary>
internal sealed partial class AlertIntake(AlertStore store, AlertMeter meter, TimeProvider clock, ILogger<AlertIntake> logger)
{
    /// <summary>On disk when it returns.</summary>
    public void Take(IReadOnlyList<Alert> wire)
    {
        if (wire.Count == 0)
        {
            return;
        }

        var alerts = new List<StoredAlert>(wire.Count);
        var now = clock.GetUtcNow();
        foreach (var one in wire)
        {
            if (AlertWire.TryRead(one, now, out var alert))
            {
                alerts.Add(alert);
            }
            else
            {
                meter.Refused.Add(1);
                LogRefused(one.Revision, HostileText.Clean(one.Id, 64));
            }
        }

        store.Store(alerts, (long)Math.Min(wire[^1].Revision, long.MaxValue));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Detector's alert {Id}, revision {Revision}, lacks an id, a category, a severity or a time that this program knows; it is left out.")]
    private partial void LogRefused(ulong revision, string id);
}
