using System.Globalization;

namespace Appliance.Bmc.Board;

/// <summary>Reads how long the board refuses this address from "Access blocked for 1m 59s 998ms".</summary>
internal static class BanText
{
    /// <summary>Taken for a ban whose length cannot be read.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(60);

    private const string Opening = "blocked for ";

    // The longest ban is 60 s doubled ten times, about 17 h; more is no ban of this firmware.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>False when the text is not about a ban.</summary>
    public static bool TryRead(string text, out TimeSpan left)
    {
        left = default;
        var start = text.IndexOf(Opening, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return false;
        }

        var sum = TimeSpan.Zero;
        foreach (var word in text[(start + Opening.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            sum += Unit(word);
        }

        left = sum <= TimeSpan.Zero ? Shortest : sum < Longest ? sum : Longest;
        return true;
    }

    private static TimeSpan Unit(string word)
    {
        var digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !int.TryParse(word.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return TimeSpan.Zero;
        }

        // Units of the Rust crate humantime; below a millisecond nothing matters here.
        TimeSpan unit = word[digits..] switch
        {
            "day" or "days" => TimeSpan.FromDays(1),
            "h" => TimeSpan.FromHours(1),
            "m" => TimeSpan.FromMinutes(1),
            "s" => TimeSpan.FromSeconds(1),
            "ms" => TimeSpan.FromMilliseconds(1),
            _ => TimeSpan.Zero,
        };
        return count > Longest / TimeSpan.FromMilliseconds(1) ? Longest : unit * count;
    }
}
