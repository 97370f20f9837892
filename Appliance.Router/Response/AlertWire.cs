using Wire = Appliance.Protos.Alerts.V1;

namespace Appliance.Router.Response;

/// <summary>From <c>appliance.alerts.v1</c> to what the response needs.</summary>
internal static class AlertWire
{
    public static AlertFacts ToFacts(Wire.Alert wire) => new(
        wire.Id,
        Word(wire.Category),
        ToSeverity(wire.Severity),
        wire.Confidence,
        wire.Source,
        wire.SourceMac.Memory,
        wire.SourceConfirmed,
        wire.Destinations,
        (wire.Evidence?.LastTime ?? wire.Time)?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch)
    {
        Detector = wire.Detector,
    };

    // A category or severity that a newer Detector may send is nothing that this policy knows: it gets no answer.
    private static string Word(Wire.Category category) => category switch
    {
        Wire.Category.Scan => "scan",
        Wire.Category.BruteForce => "brute-force",
        Wire.Category.Flood => "flood",
        Wire.Category.Beacon => "beacon",
        Wire.Category.Tunnel => "tunnel",
        Wire.Category.Exfiltration => "exfiltration",
        Wire.Category.Spoofing => "spoofing",
        Wire.Category.Policy => "policy",
        Wire.Category.Anomaly => "anomaly",
        Wire.Category.System => "system",
        _ => "",
    };

    private static AlertSeverity ToSeverity(Wire.Severity severity) => severity switch
    {
        Wire.Severity.Low => AlertSeverity.Low,
        Wire.Severity.Medium => AlertSeverity.Medium,
        Wire.Severity.High => AlertSeverity.High,
        Wire.Severity.Critical => AlertSeverity.Critical,
        _ => AlertSeverity.Info,
    };
}
