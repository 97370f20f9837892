using System.Globalization;
using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>Durations as the daemon writes them ("1m 59s 998ms").</summary>
internal static class HumanTime
{
    // Units of the Rust crate humantime, which the daemon formats with, up to the longest ban (17 h) and token ages.
    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("us", 1_000),
        ("ns", 1),
    ];

    private const long Day = 86_400_000_000_000;

    public static string Format(TimeSpan span)
    {
        var rest = Math.Max(0, span.Ticks) * 100;
        if (rest == 0)
        {
            return "0s";
        }

        var text = new StringBuilder();
        var days = rest / Day;
        if (days > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{days}{(days == 1 ? "day" : "days")} ");
        }

        rest %= Day;
        foreach (var (name, length) in Units)
        {
            if (rest >= length)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / length}{name} ");
                rest %= length;
            }
        }

        return text.ToString(0, text.Length - 1);
    }
}
