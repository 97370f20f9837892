using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

[Trait("Category", "Slow")]
public sealed class RunCommandTests
{
    [Fact]
    public async Task Interface_that_is_not_there_is_one_line_and_nothing_is_started()
    {
        using var folder = new TempFolder();

        var run = await ApplianceProgram.RunAsync("run", "--state", folder.Path, "--interface", "none0");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Matches("^none0 is no interface of this machine; it has .*lo.*\\.\n$", run.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("--replay", "x.pcap")]
    [InlineData("--exit-after-replay")]
    public async Task Interface_goes_together_with_no_replay(params string[] options)
    {
        var run = await ApplianceProgram.RunAsync(["run", "--state", "x", "--interface", "lo", .. options]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("--interface watches live traffic", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_to_simulate_takes_the_place_of_the_configured_one()
    {
        using var folder = new TempFolder();
        var file = folder.File("appliance.json");
        await File.WriteAllTextAsync(
            file,
            $$"""{"Node":{"StateDirectory":"{{folder.Path}}"},"Bmc":{"Board":{"Address":"https://192.0.2.1" } } }""",
            TestContext.Current.CancellationToken);

        var unknown = await ApplianceProgram.RunAsync("run", "--role", "bmc", "--config", file, "--simulate", "9");
        var known = await ApplianceProgram.RunAsync("run", "--role", "bmc", "--config", file, "--simulate", "2.0.5");

        Assert.Contains("is no board that can be simulated", unknown.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Bmc:Board", known.Error, StringComparison.Ordinal);
        Assert.Contains("node.crt", known.Error, StringComparison.Ordinal);
    }
}
