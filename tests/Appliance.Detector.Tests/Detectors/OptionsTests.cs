using System.ComponentModel.DataAnnotations;
using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors.BruteForce;
using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Detectors.Scans;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Tests.Shared;

namespace Appliance.Detector.Tests.Detectors;

public sealed class OptionsTests
{
    public static TheoryData<object> Defaults => [new ScanOptions(), new BruteForceOptions(), new FloodOptions(), new AlertOptions()];

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Defaults_are_within_their_bounds(object options) => Assert.Empty(Faults(options));

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Every_number_and_time_is_bounded(object options)
    {
        var unbounded = options.GetType().GetProperties()
            .Where(property => property.PropertyType != typeof(string[]) && property.GetCustomAttributes(typeof(RangeAttribute), inherit: false).Length == 0)
            .Select(property => property.Name);

        Assert.Empty(unbounded);
    }

    [Fact]
    public void Shares_out_of_order_are_refused_with_their_values()
    {
        var fault = Assert.Single(Faults(new ScanOptions { OutageAnswerShare = 0.9, HealthyAnswerShare = 0.8 }));

        Assert.Contains("0.2, 0.9 and 0.8", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_that_is_none_is_refused_by_name()
    {
        var fault = Assert.Single(Faults(new ScanOptions { LocalNetworks = ["192.168.0.0/16", "192.168.300.0/24"] }));

        Assert.StartsWith("'192.168.300.0/24' is not a network", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Slow_rule_that_is_stricter_than_the_quick_one_is_refused() =>
        Assert.Single(Faults(new BruteForceOptions { FailedLogins = 20, SlowFailedLogins = 10 }));

    [Fact]
    public async Task All_faults_of_all_sections_are_told_at_once()
    {
        await using var site = new TestSite();

        var error = await Assert.ThrowsAsync<ConfigurationFaultException>(() => site.StartAsync(
            Role.Detector,
            builder => builder.AddDetector(),
            app => app.MapDetector(),
            ("Detector:Scans:MinimumTargets", "1"),
            ("Detector:Floods:SynRate", "0"),
            ("Detector:Alerts:RetainedAlert", "5")));

        Assert.Contains("MinimumTargets", error.Message, StringComparison.Ordinal);
        Assert.Contains("SynRate", error.Message, StringComparison.Ordinal);
        Assert.Contains("RetainedAlerts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_are_those_that_the_classes_name() => Assert.Equal(
        ["Detector", "Detector:Scans", "Detector:BruteForce", "Detector:Floods", "Detector:Alerts"],
        DetectorRole.Sections.Select(section => section.Path));

    private static List<string> Faults(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage!)];
    }
}
