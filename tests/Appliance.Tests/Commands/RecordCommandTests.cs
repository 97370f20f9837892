using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>`appliance record` by its contract: what is wrong with what it was asked for.</summary>
[Trait("Category", "Slow")]
public sealed class RecordCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--max-megabytes", "0", "--max-megabytes is '0'; it takes 1 to 10000000.")]
    [InlineData("--files", "2000", "--files is '2000'; it takes 1 to 1000.")]
    [InlineData("--files", "5 --max-megabytes 4", "--max-megabytes is 4 for 5 --files; each takes one at least.")]
    [InlineData("--seconds", "soon", "--seconds is 'soon'; it takes 1 to 4000000.")]
    [InlineData("--snaplen", "300000", "--snaplen is '300000'; it takes 1 to 262144.")]
    [InlineData("--filter", "udp|or", "--filter is 'udp or': libpcap ")]
    public async Task Wrong_usage_is_exit_code_2_and_names_the_option(string option, string values, string error)
    {
        var run = await ApplianceProgram.RunAsync(
            ["record", "--interface", "lo", "--output", _folder.File("x.pcap"), option, .. values.Split(' ').Select(value => value.Replace('|', ' '))]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_named_and_leaves_no_file()
    {
        var run = await ApplianceProgram.RunAsync("record", "--interface", "none0", "--output", _folder.File("x.pcap"));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("none0: there is no such interface", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("record", "--interface", "lo")]
    [InlineData("record", "--output", "x.pcap")]
    public async Task Interface_and_output_are_needed(params string[] arguments)
    {
        var run = await ApplianceProgram.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
    }
}
