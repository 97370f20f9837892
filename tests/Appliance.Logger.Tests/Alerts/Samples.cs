using System.Globalization;
using Appliance.Logger.Alerts;

namespace Appliance.Logger.Tests.Alerts;

/// <summary>Alerts for tests; each number is another alert, a second later.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    public static string Id(int number) => "01JD0000000000000000" + number.ToString("000000", CultureInfo.InvariantCulture);

    public static StoredAlert Alert(int number) => new(
        Id(number),
        number,
        Start.AddSeconds(number),
        "scan",
        "medium",
        "192.0.2.7",
        ["198.51.100.1", "198.51.100.2"],
        "tcp/22",
        "T1046",
        0.95,
        new AlertEvidence(5, Start.AddSeconds(number), Start.AddSeconds(number + 2)),
        [new AlertExplanation("failed contacts", 5, 0.5, "5 of 5 first contacts failed")],
        "threshold-random-walk",
        AlertAction.None,
        Start,
        PublishTime: null)
    {
        SourceConfirmed = true,
        SourceMac = "02:00:00:00:00:07",
    };

    public static IReadOnlyList<StoredAlert> Alerts(int count) => [.. Enumerable.Range(1, count).Select(Alert)];
}
