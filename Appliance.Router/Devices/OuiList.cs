using System.Globalization;

namespace Appliance.Router.Devices;

/// <summary>Reads the IEEE's lists of assigned MAC prefixes; lines of another form are passed over.</summary>
internal static class OuiList
{
    // Text is shown to people; the longest maker of the list of 2024 has 128 characters.
    private const int MaxMaker = 160;
    private const int BitsPerDigit = 4;
    private const string Mark = "(hex)";

    /// <summary>"MA-L,002272,American Micro-Fuel Device Corp.,2181 Buchanan Loop…", the maker in quotes where it has a comma.</summary>
    public static void ReadValues(IEnumerable<string> lines, Action<ulong, int, string> take)
    {
        foreach (var line in lines)
        {
            var first = line.IndexOf(',');
            var second = first < 0 ? -1 : line.IndexOf(',', first + 1);
            if (second > 0)
            {
                Take(line[(first + 1)..second], Field(line[(second + 1)..]), take);
            }
        }
    }

    /// <summary>"00-22-72   (hex)		American Micro-Fuel Device Corp."</summary>
    public static void ReadText(IEnumerable<string> lines, Action<ulong, int, string> take)
    {
        foreach (var line in lines)
        {
            var mark = line.IndexOf(Mark, StringComparison.Ordinal);
            if (mark > 0)
            {
                Take(line[..mark].Trim().Replace("-", "", StringComparison.Ordinal), line[(mark + Mark.Length)..], take);
            }
        }
    }

    private static void Take(string prefix, string maker, Action<ulong, int, string> take)
    {
        var text = maker.Trim();
        if (text.Length > 0 && prefix.Length is (6 or 7 or 9) && ulong.TryParse(prefix, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
        {
            take(bits, prefix.Length * BitsPerDigit, text[..Math.Min(text.Length, MaxMaker)]);
        }
    }

    // A quote within quotes is written twice (RFC 4180, 2.7).
    private static string Field(string rest)
    {
        if (!rest.StartsWith('"'))
        {
            var end = rest.IndexOf(',');
            return end < 0 ? rest : rest[..end];
        }

        var close = 1;
        while (close < rest.Length && (rest[close] != '"' || (close + 1 < rest.Length && rest[close + 1] == '"')))
        {
            close += rest[close] == '"' ? 2 : 1;
        }

        return rest[1..Math.Min(close, rest.Length)].Replace("\"\"", "\"", StringComparison.Ordinal);
    }
}
