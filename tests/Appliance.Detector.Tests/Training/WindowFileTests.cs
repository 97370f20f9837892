using Appliance.Detector.Training;
using Appliance.Hosting.Errors;

namespace Appliance.Detector.Tests.Training;

public sealed class WindowFileTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        var windows = MadeUpWindows.Capture(30).Windows;

        var read = WindowFile.Read(new StringReader(Written()), "w.tsv");

        Assert.Equal(windows.Select(window => (window.Device, window.Start)), read.Select(window => (window.Device, window.Start)));
        Assert.Equal(windows.SelectMany(window => window.Values), read.SelectMany(window => window.Values));
    }

    [Fact]
    public void Windows_of_another_schema_are_refused_by_column()
    {
        var text = Written().Replace("asked_refused", "asked_thrice", StringComparison.Ordinal);

        AssertRefused(text, "w.tsv line 1: column 8 is 'asked_thrice', schema 1 has 'asked_refused' there");
    }

    [Fact]
    public void An_empty_file_is_refused() => AssertRefused(string.Empty, "w.tsv line 1: column 1 is '', schema 1 has 'device' there");

    [Theory]
    [InlineData("NaN")]
    [InlineData("many")]
    public void A_value_that_is_no_number_is_refused_by_line_and_feature(string value)
    {
        var lines = Written().Split('\n');
        var fields = lines[2].Split('\t');
        fields[7] = value;
        lines[2] = string.Join('\t', fields);

        AssertRefused(string.Join('\n', lines), $"w.tsv line 3: asked_refused is '{value}'");
    }

    [Fact]
    public void A_line_that_was_cut_short_is_refused_with_both_lengths()
    {
        var text = Written();

        AssertRefused(text[..^20], "w.tsv line 31: it has 51 fields, 57 are expected");
    }

    private static string Written()
    {
        var output = new StringWriter();
        WindowFile.Write(output, MadeUpWindows.Capture(30).Windows);
        return output.ToString();
    }

    private static void AssertRefused(string text, string fault)
    {
        var error = Assert.Throws<InvalidInputException>(() => WindowFile.Read(new StringReader(text), "w.tsv"));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }
}
