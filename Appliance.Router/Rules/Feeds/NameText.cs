using System.Text;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Reads host names as lists of unwanted names write them.</summary>
internal static class NameText
{
    // RFC 1035, 2.3.4.
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    /// <summary>Gives the name in lower case; null for what is none, or has no dot: "localhost" and its like are the host's own.</summary>
    public static string? Read(ReadOnlySpan<byte> text)
    {
        text = text.EndsWith("."u8) ? text[..^1] : text;
        if (text.Length is 0 or > MaxName)
        {
            return null;
        }

        var (label, labels, isNumber) = (0, 1, true);
        foreach (var letter in text)
        {
            if (letter == '.')
            {
                if (label == 0)
                {
                    return null;
                }

                (label, isNumber) = (0, true);
                labels++;
                continue;
            }

            if (!IsLetter(letter) || ++label > MaxLabel)
            {
                return null;
            }

            isNumber &= letter is >= (byte)'0' and <= (byte)'9';
        }

        // A last part that is a number makes an address of it.
        return label == 0 || labels == 1 || isNumber ? null : Encoding.ASCII.GetString(text).ToLowerInvariant();
    }

    // '_' is in names of services, which lists name too (RFC 2782).
    private static bool IsLetter(byte letter) =>
        letter is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_';
}
