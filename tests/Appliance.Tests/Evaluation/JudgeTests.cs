using Appliance.Detector.Detectors;
using Appliance.Evaluation;

namespace Appliance.Tests.Evaluation;

public sealed class JudgeTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Attack_is_detected_by_the_first_alarm_of_an_accepted_category()
    {
        var verdict = Decide("scan,flood", 0, new("a", 9 * Second, Category.Scan, Severity.High), new("b", 7 * Second, Category.Flood, Severity.Medium));

        Assert.Equal(new Verdict(Detected: true, "flood", 7, 0), verdict);
    }

    [Theory]
    [InlineData(Category.Scan, Severity.Low, false)]
    [InlineData(Category.Scan, Severity.Medium, true)]
    [InlineData(Category.Beacon, Severity.Info, false)]
    [InlineData(Category.Beacon, Severity.Low, true)]
    [InlineData(Category.Policy, Severity.Low, true)]
    [InlineData(Category.Anomaly, Severity.Low, true)]
    public void Severity_that_counts_depends_on_the_category(Category category, Severity severity, bool expected)
        => Assert.Equal(expected, Decide("scan,beacon,policy,anomaly", 0, new Alarm("a", Second, category, severity)).Detected);

    [Fact]
    public void Alert_that_grows_is_detected_when_it_reaches_the_severity()
    {
        var verdict = Decide("scan", 0, new("a", Second, Category.Scan, Severity.Low), new("a", 4 * Second, Category.Scan, Severity.Medium));

        Assert.Equal(4, verdict.TimeToDetectSeconds);
    }

    [Fact]
    public void Other_category_on_an_attack_is_a_false_alarm_once_an_alert()
    {
        var verdict = Decide("scan", 0, new("a", Second, Category.Flood, Severity.Medium), new("a", 2 * Second, Category.Flood, Severity.High));

        Assert.Equal(new Verdict(Detected: false, null, null, 1), verdict);
    }

    [Fact]
    public void Alert_from_before_the_attack_is_false_and_no_detection_when_it_grows()
    {
        var verdict = Decide("scan", 5 * Second, new("a", 4 * Second, Category.Scan, Severity.Medium), new("a", 6 * Second, Category.Scan, Severity.High));

        Assert.Equal(new Verdict(Detected: false, null, null, 1), verdict);
    }

    [Theory]
    [InlineData(Severity.Low, 0)]
    [InlineData(Severity.Medium, 1)]
    public void Alert_on_benign_is_false_from_medium_up(Severity severity, int expected)
        => Assert.Equal(new Verdict(Detected: false, null, null, expected), Decide("benign", 0, new Alarm("a", Second, Category.Scan, severity)));

    [Fact]
    public void Baseline_without_categories_is_given_every_attack()
        => Assert.Equal(new Verdict(Detected: true, null, 1, 0), Decide("tunnel", 0, new Alarm("a", Second, Category.None, Severity.Medium)));

    private static Verdict Decide(string expect, long start, params Alarm[] alarms)
    {
        Assert.True(Expectation.TryParse(expect, out var expectation));
        return Judge.Decide(new ManifestEntry("f", "f", "l", expectation, new TimeWindow(start, start)), 0, alarms);
    }
}
