using System.Diagnostics;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Benchmarks;

/// <summary>What the scripts of bench/ make of the figures that they measure.</summary>
[Trait("Category", "Slow")]
public sealed class ResultsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("3 1 1\n1 1 1\n2 1 1\n", 1, "2.000")]
    [InlineData("3 1 1\n1 1 1\n2 1 1\n10 1 1\n", 1, "2.500")]
    [InlineData("9 1.5 0.25\n8 1.0 0.5\n7 2 2\n", 4, "1.750")]
    public void Median_of_a_column_or_of_the_processor_time(string runs, int column, string expected)
    {
        File.WriteAllText(_folder.File("times"), runs);

        Assert.Equal(expected, Run($"times {column} <times"));
    }

    [Fact]
    public void Ratio_is_the_rate_of_analyze_over_that_of_the_peer()
    {
        File.WriteAllText(_folder.File("times"), "2.0 1.0 0.5\n3.0 1.0 0.5\n9 2 2\n");

        // 300 000 packets in 3 s, while analyze takes a million in 2 s of wall and 1 s of processor time.
        var row = Run("row tshark 300000 times 2 1 1000000 100");

        Assert.Equal("| tshark | 100000 | 2.00, 3.00, 9.00 | 1.50 | 5.00 | 5.00 | 100 |", row);
    }

    [Fact]
    public void Section_is_replaced_where_it_stands()
    {
        File.WriteAllText(_folder.File("results"), "# Results\n\nIntroduction.\n\n## A\n\nold\n\n## B\n\nkept\n");

        Run("printf 'new\\n\\nfigures\\n' | put_section results A");

        Assert.Equal("# Results\n\nIntroduction.\n\n## A\n\nnew\n\nfigures\n\n## B\n\nkept\n", File.ReadAllText(_folder.File("results")));
    }

    [Fact]
    public void New_section_comes_last()
    {
        File.WriteAllText(_folder.File("results"), "# Results\n\n## A\n\nkept\n");

        Run("echo new | put_section results B");

        Assert.Equal("# Results\n\n## A\n\nkept\n\n## B\n\nnew\n", File.ReadAllText(_folder.File("results")));
    }

    [Fact]
    public void Missing_program_is_named_by_its_package()
        => Assert.Contains("apt-get install some-package", Run("(need no-such-program=some-package) 2>&1 || true"), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private string Run(string line)
    {
        var start = new ProcessStartInfo("bash", ["-euc", $". '{Checkout.Root}/bench/lib.sh'; {line}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        };
        using var script = Process.Start(start)!;
        var output = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
        return output.TrimEnd();
    }
}
