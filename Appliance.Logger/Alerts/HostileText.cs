using System.Text;

namespace Appliance.Logger.Alerts;

/// <summary>Makes text that an attacker chose (a host name, a banner) harmless to show: one line, no terminal codes, no turned reading order.</summary>
public static class HostileText
{
    /// <summary>Replaces what must not be shown by U+FFFD and cuts at a number of UTF-16 units, never inside a character.</summary>
    public static string Clean(string text, int maxLength)
    {
        if (text.Length <= maxLength && text.EnumerateRunes().All(IsHarmless))
        {
            return text;
        }

        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            clean.Append((IsHarmless(rune) ? rune : Rune.ReplacementChar).ToString());
        }

        return clean.ToString();
    }

    // EnumerateRunes turns a lone surrogate into U+FFFD, which is not valid JSON otherwise.
    // U+2028 and U+2029 break lines in some readers; U+202A..202E and U+2066..2069 reverse what follows (CVE-2021-42574).
    private static bool IsHarmless(Rune rune) =>
        !Rune.IsControl(rune) && rune.Value is not ((>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFD);

    private static bool All(this StringRuneEnumerator runes, Func<Rune, bool> condition)
    {
        foreach (var rune in runes)
        {
            if (!condition(rune))
            {
                return false;
            }
        }

        return true;
    }
}
