using Appliance.Hosting.Configuration;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Configuration;

namespace Appliance.Hosting.Tests.Configuration;

// The environment is the whole process's: no other test may start a host meanwhile.
[CollectionDefinition(nameof(EnvironmentOverrideTests), DisableParallelization = true)]
[Collection(nameof(EnvironmentOverrideTests))]
public sealed class EnvironmentOverrideTests
{
    [Fact]
    public void Variable_of_ours_overrides_the_file_and_is_checked_too()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("appliance.json"), """{ "Router": { "Flows": { "MaxFlows": 2000 } } }""");
        using var variables = new Variables(("APPLIANCE__ROUTER__FLOWS__MAXFLOWS", "7"), ("APPLIANCE__ROUTER__FLOWS__MAXFLWS", "8"), ("OTHER__KEY", "9"));
        using var configuration = new ConfigurationManager();
        configuration.UseOnly(folder.File("appliance.json"));

        var faults = new ConfigurationCheck(configuration, [new OptionsSection(ProbeOptions.Section, typeof(ProbeOptions))]).Find();

        Assert.Equal(
            [
                "ROUTER:FLOWS:MAXFLWS is not known; did you mean ROUTER:FLOWS:MaxFlows?",
                "Router:Flows:MAXFLOWS is '7': The field MaxFlows must be between 1000 and 10000000.",
            ],
            faults,
            StringComparer.OrdinalIgnoreCase);
    }
}
