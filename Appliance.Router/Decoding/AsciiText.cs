using System.Text;

namespace Appliance.Router.Decoding;

/// <summary>Words in payload, upper and lower case alike.</summary>
internal static class AsciiText
{
    public static bool Begins(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> word) =>
        payload.Length >= word.Length && Ascii.EqualsIgnoreCase(payload[..word.Length], word);

    /// <summary>Whether the payload begins with the word, or is the word's beginning.</summary>
    public static bool Meets(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> word)
    {
        var length = Math.Min(payload.Length, word.Length);
        return Ascii.EqualsIgnoreCase(payload[..length], word[..length]);
    }
}
