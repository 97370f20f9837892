using Appliance.Detector.Flows;
using Appliance.Protos.Alerts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Detector.Alerts;

internal sealed partial class AlertGrpcService
{
    private static WatchAlertsResponse Response(Alert? alert) => alert is null
        ? new WatchAlertsResponse { SnapshotEnd = new SnapshotEnd() }
        : new WatchAlertsResponse { Alert = Message(alert) };

    private static Protos.Alerts.V1.Alert Message(Alert alert)
    {
        var message = new Protos.Alerts.V1.Alert
        {
            Id = alert.Id,
            Revision = (ulong)alert.Revision,
            Time = alert.Time.ToTimestamp(),
            // The names and numbers of both enumerations are those of the contract.
            Category = (Category)alert.Category,
            Severity = (Severity)alert.Severity,
            Source = alert.Source.ToString(),
            Service = alert.Service.ToString(),
            Technique = alert.Technique,
            Confidence = alert.Confidence,
            Evidence = new Evidence
            {
                EventsCount = (ulong)alert.Evidence.Events,
                FirstTime = alert.Evidence.First.ToTimestamp(),
                LastTime = alert.Evidence.Last.ToTimestamp(),
            },
            SourceConfirmed = alert.IsSourceConfirmed,
            SourceMac = Bytes(alert.SourceMac),
            Detector = alert.Detector,
            Acknowledger = alert.Acknowledger ?? string.Empty,
            AcknowledgeTime = alert.AcknowledgeTime?.ToTimestamp(),
        };
        message.Destinations.AddRange(alert.Destinations);
        message.Explanations.AddRange(alert.Explanations.Select(reason => new Protos.Alerts.V1.Explanation
        {
            Feature = reason.Feature,
            Value = reason.Value,
            Normal = reason.Normal,
            Text = reason.Text,
        }));
        return message;
    }

    private static ByteString Bytes(MacAddress mac)
    {
        if (mac.IsEmpty)
        {
            return ByteString.Empty;
        }

        Span<byte> bytes = stackalloc byte[MacAddress.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(mac.Value >> (8 * (MacAddress.Length - 1 - i)));
        }

        return ByteString.CopyFrom(bytes);
    }
}
