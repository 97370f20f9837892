using System.ComponentModel.DataAnnotations;
using Appliance.Router.Response;
using Microsoft.Extensions.Configuration;

namespace Appliance.Router.Tests.Response;

public sealed class ResponseOptionsTests
{
    [Fact]
    public void Defaults_are_in_order_and_try_out_first()
    {
        var options = new ResponseOptions();

        Assert.Empty(Faults(options));
        Assert.Equal("trial", options.Mode);
    }

    [Fact]
    public void Configuration_adds_to_the_categories_that_are_answered()
    {
        var options = new ResponseOptions();

        new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Categories:brute-force"] = "none", ["Categories:beacon"] = "block", ["LocalNetworks:0"] = "192.168.7.0/24" })
            .Build()
            .Bind(options);

        Assert.Equal(["beacon=block", "brute-force=none", "flood=rate-limit", "scan=block"], options.Categories.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(["192.168.7.0/24"], options.LocalNetworks);
    }

    [Fact]
    public void Every_fault_is_told_with_the_way_out()
    {
        var options = new ResponseOptions { Mode = "off", LocalNetworks = ["192.168.1.0/33"], Duration = TimeSpan.FromHours(2), LongestDuration = TimeSpan.FromHours(1) };
        (options.AllowZones, options.AllowDevices, options.AllowNetworks, options.ModelDetectors) = (["The LAN"], ["192.0.2.1"], [Facts.Station], [""]);
        options.Categories["scams"] = "block";
        options.Categories["scan"] = "shoot";

        var faults = Faults(options);

        Assert.Contains(faults, fault => fault.Contains("'trial', 'enforce' or 'dry-run'", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("'The LAN' is no zone", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("'192.0.2.1' is no MAC address", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains($"'{Facts.Station}' is no network", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("'' is no name of a detector", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("'scams' is no category", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("'shoot'", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("192.168.1.0/33", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("is shorter than Duration", StringComparison.Ordinal));
    }

    private static List<string> Faults(ResponseOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        results.AddRange(options.Validate(new ValidationContext(options)));
        return [.. results.Select(result => result.ErrorMessage ?? "")];
    }
}
