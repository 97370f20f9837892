using System.Text.Json;
using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Configuration;

namespace Appliance.Bmc.Tests.Board;

public sealed class BoardOptionsTests
{
    [Theory]
    [InlineData("Bmc:Board:Address", "ftp://board", "must be an address without a path")]
    [InlineData("Bmc:Board:Address", "https://board/api", "must be an address without a path")]
    [InlineData("Bmc:Board:AllowDefaultPassword", "yes", "names another board")]
    [InlineData("Bmc:Board:Fingerprint", "12:34", "must be the 64 hex digits")]
    [InlineData("Bmc:Board:Simulate", "9.9", "is no board that can be simulated; there is 2.3.7")]
    [InlineData("Bmc:Board:Password", "turing", "is not known")]
    [InlineData("Bmc:Slots:Slot1:Module", "toaster", "must be cm4, cm4-lite, rk1 or jetson")]
    [InlineData("Bmc:Slots:Slot5:Name", "x", "is not known; did you mean Bmc:Slots:Slot")]
    [InlineData("Bmc:Slots:PollInterval", "00:00:00", "PollInterval")]
    [InlineData("Bmc:Slots:LongestPollInterval", "00:00:02", "is shorter than PollInterval")]
    public void Faulty_setting_is_told_with_the_way_out(string key, string value, string fault)
    {
        var faults = Find((key, value));

        Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Address_and_simulation_exclude_each_other()
    {
        var faults = Find(("Bmc:Board:Address", "https://board"), ("Bmc:Board:Simulate", "2.3.7"));

        Assert.Contains("stands beside Address", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://192.168.1.50", "192.168.1.50")]
    [InlineData("https://[fd00::50]", "[fd00::50]")]
    [InlineData("http://turingpi.local", "turingpi.local")]
    public void Default_password_is_allowed_by_the_name_of_the_board(string address, string host)
    {
        Assert.Empty(Find(("Bmc:Board:Address", address), ("Bmc:Board:AllowDefaultPassword", host)));
    }

    [Fact]
    public void Default_password_allowed_on_one_board_is_not_on_another()
    {
        var faults = Find(("Bmc:Board:Address", "https://192.168.1.51"), ("Bmc:Board:AllowDefaultPassword", "192.168.1.50"));

        Assert.Contains("names another board", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bmc:Board:TrustOnFirstUse", "true")]
    [InlineData("Bmc:Board:Fingerprint", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Plain_http_and_trust_in_a_certificate_exclude_each_other(string key, string value)
    {
        var faults = Find(("Bmc:Board:Address", "http://board"), (key, value));

        Assert.Contains("is plain http, where no certificate is shown", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_board_each_call_says_what_to_set()
    {
        var target = new BoardTarget(endpoint: null);

        var error = Assert.Throws<UnreachableException>(() => target.Current);

        Assert.Equal("No board is configured; set Bmc:Board:Address and Fingerprint, or Simulate for a simulated one.", error.Message);
        Assert.Equal("Bmc:Slots", SlotOptions.Section);
    }

    private static IReadOnlyList<string> Find(params (string Key, string Value)[] settings)
    {
        using var folder = new TempFolder();
        var file = folder.File("appliance.json");
        File.WriteAllText(file, JsonSerializer.Serialize(settings.ToDictionary(setting => setting.Key, setting => setting.Value)));
        using var configuration = new ConfigurationManager();
        configuration.UseOnly(file);
        return new ConfigurationCheck(configuration, BmcRole.Sections).Find();
    }
}
