using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

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
}
