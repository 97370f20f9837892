using System.Globalization;
using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The built image starts in qemu, by U-Boot and the same script that the CM4 has.</summary>
[Collection(BuiltImageShare.Name)]
public sealed class BootTests(BuiltImage built)
{
    private static readonly string Boot = Path.Combine(Checkout.Root, "image/boot");

    [Fact]
    public async Task A_router_boots_and_its_health_answers()
    {
        var run = await BootAsync("--role", "router", "--timeout", "900");

        var seconds = run.Succeeded().TrimEnd().Split('\n')[^1];
        Assert.True(double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _), run.All);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_told_with_its_console()
    {
        var run = await BootAsync("--timeout", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The role router did not answer within 1 s", run.Error, StringComparison.Ordinal);
    }

    private Task<Tool.Result> BootAsync(params string[] options)
        => Tool.RunAsync(TimeSpan.FromMinutes(16), new Dictionary<string, string>(), Boot, [built.Folder, .. options]);
}
