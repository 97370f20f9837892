using System.Text;
using System.Text.RegularExpressions;

namespace Appliance.Hosting.Metrics;

/// <summary>Names as Prometheus has them: the OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", metric metadata.</summary>
internal static partial class MetricNames
{
    private const string CounterSuffix = "_total";

    /// <summary>For example <c>appliance_router_bytes_total</c> of the counter <c>appliance.router.bytes</c> in <c>By</c>.</summary>
    public static string Of(string name, string unit, bool isCounter)
    {
        var full = Label(name);
        var word = UnitWord(unit);
        if (word.Length > 0 && !full.EndsWith(word, StringComparison.Ordinal) && !(isCounter && full.EndsWith(word + CounterSuffix, StringComparison.Ordinal)))
        {
            full = $"{full}_{word}";
        }

        return isCounter && !full.EndsWith(CounterSuffix, StringComparison.Ordinal) ? full + CounterSuffix : full;
    }

    /// <summary>What Prometheus does not take in a name becomes an underscore, several in a row one.</summary>
    public static string Label(string name)
    {
        var label = new StringBuilder(name.Length + 1);
        foreach (var character in name.Length > 0 && char.IsAsciiDigit(name[0]) ? "_" + name : name)
        {
            var isTaken = char.IsAsciiLetterOrDigit(character) || character == ':';
            if (isTaken || label.Length == 0 || label[^1] != '_')
            {
                label.Append(isTaken ? character : '_');
            }
        }

        return label.ToString();
    }

    // "{packet}" is an annotation and no unit; "By/s" reads "bytes_per_second".
    private static string UnitWord(string unit)
    {
        var parts = Annotation().Replace(unit, "").Split('/', 2);
        var words = parts is [var over, { Length: > 0 } per] ? $"{Word(over)}_per_{PerWord(per)}" : Word(string.Join('/', parts));
        return Label(words).Trim('_');
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "V" => "volts",
        "A" => "amperes",
        "W" => "watts",
        "J" => "joules",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "1" => "",
        _ => unit,
    };

    private static string PerWord(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => unit,
    };

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Annotation();
}
