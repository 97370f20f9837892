using System.Text.RegularExpressions;
using Appliance.Tests.Shared;

namespace Appliance.SystemTests;

/// <summary>`fuzz/run` over every reader of bytes from outside: nothing is found, and what was planted is.</summary>
[Trait("Category", "Drill")]
public sealed partial class FuzzingDrills
{
    private static readonly string Script = Path.Combine(Checkout.Root, "fuzz", "run");

    [Theory]
    [InlineData("frames", 300)]
    [InlineData("captures", 60)]
    [InlineData("netlink", 60)]
    [InlineData("models", 60)]
    public async Task Fuzzing_finds_nothing(string target, int seconds)
    {
        var run = await FuzzAsync(target, seconds);

        Assert.True(run.ExitCode == 0, run.All);
        Assert.True(long.Parse(Figures().Match(run.Output).Groups["inputs"].Value) > seconds * 100, run.All);
    }

    // Without this, a fuzzer that has stopped looking would look like a parser without faults.
    [Fact]
    public async Task Fuzzing_finds_a_length_check_that_was_taken_out()
    {
        var run = await FuzzAsync("frames", 300, "--planted");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("IndexOutOfRangeException", run.Error, StringComparison.Ordinal);
        Assert.NotEqual("0", Figures().Match(run.Output).Groups["crashes"].Value);
    }

    private static async Task<Tool.Result> FuzzAsync(string target, int seconds, params string[] options)
    {
        var run = await Tool.RunAsync(TimeSpan.FromSeconds(seconds + 600), Script, [target, $"{seconds}", .. options]);
        Assert.SkipWhen(run.ExitCode == 3, $"Fuzzing cannot be had here: {run.All}");
        return run;
    }

    [GeneratedRegex(@"(?<inputs>\d+) inputs, \d+ paths, (?<crashes>\d+) crashes", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Figures();
}
