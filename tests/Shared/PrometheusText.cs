using System.Globalization;
using System.Text.RegularExpressions;

namespace Appliance.Tests.Shared;

/// <summary>What a scrape of <c>/metrics</c> says, read without the product's code.</summary>
internal sealed partial class PrometheusText
{
    private PrometheusText(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Metadata().Match(line) is { Success: true } metadata)
            {
                (metadata.Groups["key"].Value == "TYPE" ? Types : Helps)[metadata.Groups["name"].Value] = metadata.Groups["text"].Value;
            }
            else if (Series().Match(line) is { Success: true } series)
            {
                var labels = Labels().Matches(series.Groups["labels"].Value).Select(label => $"{label.Groups["name"].Value}={Plain(label.Groups["value"].Value)}");
                Values[Key(series.Groups["name"].Value, labels)] = Number(series.Groups["value"].Value);
            }
        }
    }

    /// <summary>By family name.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public Dictionary<string, string> Helps { get; } = [];

    /// <summary>By <see cref="Key"/>.</summary>
    public Dictionary<string, double> Values { get; } = [];

    public static async Task<PrometheusText> ScrapeAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        return new PrometheusText(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    public static string Key(string name, IEnumerable<string> labels) => $"{name}{{{string.Join(',', labels.Order(StringComparer.Ordinal))}}}";

    public static double Number(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);

    private static string Plain(string value) => value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    [GeneratedRegex(@"^# (?<key>TYPE|HELP) (?<name>\S+) (?<text>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metadata();

    [GeneratedRegex(@"^(?<name>[^#{\s]+)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Series();

    [GeneratedRegex("(?<name>[^,=]+)=\"(?<value>([^\"\\\\]|\\\\.)*)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Labels();
}
