using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>A build that can't be says which value is wrong and what to do.</summary>
public sealed class BuildRefusalTests
{
    private static readonly string Build = Path.Combine(Checkout.Root, "image/build");

    [Theory]
    [InlineData("There is no target rk1; pick one of: cm4 virt", "rk1", "OUT")]
    [InlineData("The version is 'new'; write three numbers", "virt", "OUT", "--version", "new")]
    [InlineData("The overlay /no/such is no folder.", "virt", "OUT", "--overlay", "/no/such")]
    [InlineData("There is no option --fast.", "virt", "OUT", "--fast")]
    [InlineData("--key needs a value.", "virt", "OUT", "--key")]
    [InlineData("A key needs its certificate: give both --key and --certificate.", "virt", "OUT", "--key", "/dev/null")]
    public async Task A_wrong_argument_is_named(string expected, params string[] arguments)
    {
        Tool.SkipWhenMissing();
        using var folder = new TempFolder();

        var run = await RunAsync(folder, arguments.Select(argument => argument is "OUT" ? folder.File("out") : argument));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_package_that_the_mirror_has_no_more_is_named_with_the_way_out()
    {
        Tool.SkipWhenMissing();
        using var folder = new TempFolder();

        var run = await RunAsync(folder, ["virt", folder.File("out")]);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"Locked: base-files \S+, which the mirror has no more", run.Error);
        Assert.Contains("--update-lock", run.Error, StringComparison.Ordinal);
    }

    // An empty cache and an empty mirror.
    private static Task<Tool.Result> RunAsync(TempFolder folder, IEnumerable<string> arguments)
        => Tool.RunAsync(
            TimeSpan.FromMinutes(5),
            new Dictionary<string, string>
            {
                ["XDG_CACHE_HOME"] = folder.File("cache"),
                ["APPLIANCE_IMAGE_MIRROR"] = $"file://{folder.Path}/mirror",
                ["APPLIANCE_IMAGE_SECURITY_MIRROR"] = $"file://{folder.Path}/mirror",
            },
            Build,
            arguments);
}
