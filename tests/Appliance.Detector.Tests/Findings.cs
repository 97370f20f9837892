using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests;

/// <summary>Findings and alerts as tests need them.</summary>
internal static class Findings
{
    public const long Second = 1_000_000_000;
    public const long Start = 1_767_225_600 * Second;

    public static Finding Scan(long time, string source = "192.168.1.66", Severity severity = Severity.Medium, int newEvents = 1) => new()
    {
        Detector = "threshold-random-walk",
        Category = Category.Scan,
        Severity = severity,
        Source = Suspect.FromAddress(Scene.Address(source)),
        SourceMac = new MacAddress(0x0200_c0a8_0142),
        Service = new Service(6, 23),
        Technique = "T1046",
        Confidence = 0.9,
        Time = time,
        FirstTime = time - Second,
        NewEvents = newEvents,
    };

    public static void Report(this AlertBook book, in Finding finding, params string[] destinations) =>
        book.Report(finding, [.. destinations.Select(Scene.Address)], [new Reason("failed contacts", 5, 4, "{0:0} of {1:0}")]);

    public static Alert Alert(string source = "192.168.1.66", long time = Start)
    {
        var alerts = new List<Alert>();
        var book = new AlertBook(new AlertOptions(), alerts.Add);
        book.Report(Scan(time, source), "192.168.1.10");
        book.Flush();
        return alerts[^1];
    }
}
