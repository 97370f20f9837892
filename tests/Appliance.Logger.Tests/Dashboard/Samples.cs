using Appliance.Logger.Alerts;

namespace Appliance.Logger.Tests.Dashboard;

/// <summary>Alerts to show.</summary>
internal static class Samples
{
    public static StoredAlert Alert(string id, long revision, DateTimeOffset time) => new(
        id, revision, time, "scan", "medium", "192.168.1.66", ["192.168.1.1", "192.168.1.10"], "tcp/22", "T1046", 0.97,
        new AlertEvidence(24, time.AddSeconds(-8), time),
        [new AlertExplanation("failed contacts", 24, 1, "24 of 25 first contacts were refused or not answered.")],
        "threshold-random-walk", AlertAction.None, time, null);
}
