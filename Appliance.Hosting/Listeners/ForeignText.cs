using System.Text;

namespace Appliance.Hosting.Listeners;

/// <summary>Text that a stranger chose, made fit for one line of the log.</summary>
internal static class ForeignText
{
    private const int MaxLength = 120;

    /// <summary>Cut short, control characters shown as '?': a line break would forge a line of the log.</summary>
    public static string OneLine(string text) => OneLine(text, MaxLength);

    /// <summary>The same at another length, in UTF-16 units; never cut inside a character.</summary>
    public static string OneLine(string text, int maxLength)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            line.Append(IsHarmless(rune) ? rune.ToString() : "?");
        }

        return line.ToString();
    }

    // U+2028 and U+2029 break lines in some readers; U+202A..202E and U+2066..2069 reverse what follows (CVE-2021-42574).
    // EnumerateRunes gives U+FFFD for half a surrogate pair, which has no UTF-8 to be hashed.
    private static bool IsHarmless(Rune rune) =>
        !Rune.IsControl(rune) && rune.Value is not ((>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFD);
}
