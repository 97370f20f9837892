using Appliance.Router.Rules.Changes;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;
using CsCheck;

namespace Appliance.Router.Tests.Rules.Changes;

public sealed class TextDifferenceTests
{
    [Fact]
    public void Equal_texts_have_none()
    {
        Assert.Equal("", TextDifference.Unified("a\nb\n", "a\nb\n", 1000));
    }

    [Fact]
    public void A_changed_line_is_shown_between_three_lines_on_either_side()
    {
        var before = string.Concat(Enumerable.Range(1, 20).Select(number => $"{number}\n"));

        var difference = TextDifference.Unified(before, before.Replace("10\n", "ten\n", StringComparison.Ordinal), 1000);

        Assert.Equal("--- before\n+++ after\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n", difference);
    }

    [Fact]
    public void What_is_too_long_is_cut_behind_a_line()
    {
        var difference = TextDifference.Unified("", string.Concat(Enumerable.Range(1, 1000).Select(number => $"line {number}\n")), 200);

        Assert.InRange(difference.Length, 180, 200);
        Assert.EndsWith("\n[cut]\n", difference);
    }

    [Fact]
    public void Texts_that_share_nothing_are_taken_out_and_put_in_whole()
    {
        var (before, after) = (Many("a", 3000), Many("b", 3000));

        var difference = TextDifference.Unified(before, after, int.MaxValue);

        Assert.Equal((3001, 3001), (difference.Split('\n').Count(line => line.StartsWith('-')), difference.Split('\n').Count(line => line.StartsWith('+'))));
    }

    [Fact]
    public void Patch_makes_the_one_text_of_the_other()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/patch"), "Needs /usr/bin/patch (patch).");
        using var folder = new TempFolder();
        var text = Gen.Int[0, 4].Array[0, 40].Select(lines => string.Concat(lines.Select(line => $"line {line}\n")));

        Gen.Select(text, text).Where((before, after) => before.Length > 0 && after.Length > 0).Sample(
            (before, after) =>
            {
                File.WriteAllText(folder.File("text"), before);
                File.WriteAllText(folder.File("difference"), TextDifference.Unified(before, after, int.MaxValue));
                Command.Run("/usr/bin/patch", "--silent", folder.File("text"), folder.File("difference"));
                Assert.Equal(after, File.ReadAllText(folder.File("text")));
            },
            iter: 100,
            threads: 1);
    }

    private static string Many(string prefix, int count) => string.Concat(Enumerable.Range(0, count).Select(number => $"{prefix}{number}\n"));
}
