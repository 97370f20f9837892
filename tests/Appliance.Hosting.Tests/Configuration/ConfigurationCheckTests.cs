using System.Text.Json;
using Appliance.Hosting.Configuration;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Appliance.Hosting.Tests.Configuration;

public sealed class ConfigurationCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Every_fault_of_every_section_is_in_one_message()
    {
        var check = CheckOf(
            """
            {
              "Nod": { "Name": "x" },
              "Node": { "Site": "My Home", "ListenAddress": "everywhere", "Ports": { "Router": 70000 }, "Prots": {} },
              "Peers": { "Logger": "http://localhost:7444" },
              "Router": { "Flows": { "MaxFlows": 5, "IdleTimeout": "five", "MaxFlow": 7 } }
            }
            """);

        var error = Assert.Throws<ConfigurationFaultException>(check.Validate);

        Assert.Equal(
            [
                "Nod is not known; did you mean Node?",
                "Node:Prots is not known; did you mean Node:Ports?",
                "Router:Flows:MaxFlow is not known; did you mean Router:Flows:MaxFlows?",
                "Node:Site is 'My Home': must be 1 to 63 of a-z, 0-9 and '-'.",
                "Node:Ports:Router is '70000': The field Router must be between 0 and 65535.",
                "Node:ListenAddress is 'everywhere': must be an IP address, for example 0.0.0.0 or ::.",
                "Peers:Logger is 'http://localhost:7444/': must be an https address, for example https://192.0.2.1:7443.",
                "Router:Flows:IdleTimeout is 'five'; it takes a duration such as 00:01:30 (hours:minutes:seconds).",
                "Router:Flows:MaxFlows is '5': The field MaxFlows must be between 1000 and 10000000.",
            ],
            error.Faults);
        Assert.All(error.Faults, fault => Assert.Contains(fault, error.Message, StringComparison.Ordinal));
        Assert.StartsWith("Configuration has 9 faults:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_configuration_has_no_fault()
    {
        var faults = CheckOf(
            """
            {
              "Logging": { "LogLevel": { "Default": "Debug" } },
              "Node": { "Site": "home", "Name": "cm4-1", "MetricsPorts": { "Bmc": 0 } },
              "Router": { "Flows": { "maxflows": 1000, "Day": "Friday", "Loop": true, "Speed": 1.5, "Networks": ["192.0.2.0/24"], "Limits": { "ssh": { "PerSecond": 3 } } } }
            }
            """).Find();

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("MaxFlows", "many", "it takes a whole number")]
    [InlineData("MaxFlows", "1.5", "it takes a whole number")]
    [InlineData("Speed", "fast", "it takes a number")]
    [InlineData("Loop", "yes", "it takes true or false")]
    [InlineData("Day", "Someday", "it takes one of Sunday, Monday")]
    [InlineData("ActiveInterval", "60 s", "it takes a duration")]
    public void Value_of_the_wrong_kind_is_named_with_what_it_takes(string key, string value, string wanted)
    {
        var fault = Assert.Single(CheckOf($$"""{ "Router": { "Flows": { "{{key}}": "{{value}}" } } }""").Find());

        Assert.StartsWith($"Router:Flows:{key} is '{value}'; {wanted}", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Router": { "Flows": { "Limit": { "PerSecond": 0 } } } }""", "Router:Flows:Limit:PerSecond is '0': The field PerSecond must be between 1 and 100.")]
    [InlineData("""{ "Router": { "Flows": { "Limits": { "ssh": { "PerSecond": 0 } } } } }""", "Router:Flows:Limits:ssh:PerSecond is '0': The field PerSecond must be between 1 and 100.")]
    [InlineData("""{ "Router": { "Flows": { "Limits": { "ssh": { "PerSecnd": 1 } } } } }""", "Router:Flows:Limits:ssh:PerSecnd is not known; did you mean Router:Flows:Limits:ssh:PerSecond?")]
    [InlineData("""{ "Router": { "Flows": { "ActiveInterval": "00:06:00" } } }""", "Router:Flows:ActiveInterval is '00:06:00': must not be longer than IdleTimeout, which is 00:05:00.")]
    [InlineData("""{ "Router": { "Flows": { "MaxFlows": { "Value": 2000 } } } }""", "Router:Flows:MaxFlows:Value is not known: Router:Flows:MaxFlows takes one value.")]
    [InlineData("""{ "Router": { "Flows": "all" } }""", "Router:Flows is a section of settings, not the value 'all'.")]
    [InlineData("""{ "MaxFlows": 2000 }""", "MaxFlows is not known; did you mean Router:Flows:MaxFlows?")]
    [InlineData("""{ "Kestrel": { "Endpoints": {} , "X": 1 } }""", "Kestrel is not known; remove it.")]
    [InlineData("""{ "Router": { "Flwos": { "MaxFlows": 2000 } } }""", "Router:Flwos is not known; did you mean Router:Flows?")]
    public void Fault_is_named_where_it_is(string json, string expected)
    {
        var fault = Assert.Single(CheckOf(json).Find());

        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("""{ "Node": { "Site": "home" """)]
    [InlineData("""{ "Node": { "Site": "home" }, "node": { "site": "office" } }""")]
    public void File_that_is_not_valid_json_is_named(string text)
    {
        File.WriteAllText(_folder.File("appliance.json"), text);
        using var configuration = new ConfigurationManager();

        var error = Assert.Throws<ConfigurationFaultException>(() => configuration.UseOnly(_folder.File("appliance.json")));

        Assert.StartsWith($"Configuration has a fault: {_folder.File("appliance.json")} is not valid JSON: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_missing_is_named()
    {
        using var configuration = new ConfigurationManager();

        var error = Assert.Throws<ConfigurationFaultException>(() => configuration.UseOnly("/nowhere/appliance.json"));

        Assert.Contains("/nowhere/appliance.json does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_is_not_shown()
    {
        var check = CheckOf("""{ "Router": { "Flows": { "Password": "" } } }""");

        var fault = Assert.Single(check.Find());

        Assert.Equal("Router:Flows:Password is set (not shown): The Password field is required.", fault);
    }

    [Fact]
    public void Settings_of_the_framework_are_left_alone()
    {
        var configuration = new ConfigurationManager();
        configuration.Sources.Add(new MemoryConfigurationSource { InitialData = [new("contentRoot", "/"), new("urls", "http://+:80")] });
        configuration.AddEnvironmentVariables();

        var faults = new ConfigurationCheck(configuration, NodeRole.Sections).Find();

        Assert.Empty(faults);
    }

    public void Dispose() => _folder.Dispose();

    private ConfigurationCheck CheckOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        File.WriteAllText(_folder.File("appliance.json"), document.RootElement.GetRawText());
        var configuration = new ConfigurationManager();
        configuration.UseOnly(_folder.File("appliance.json"));
        return new ConfigurationCheck(configuration, [.. NodeRole.Sections, new OptionsSection(ProbeOptions.Section, typeof(ProbeOptions))]);
    }
}
