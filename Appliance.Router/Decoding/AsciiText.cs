using System.Text;

namespace Appliance.Router.Decoding;

/// <summary>Words in payload, upper and lower case alike.</summary>
internal static class AsciiText
{
    public static bool Begins(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> word) =>
        payload.Length >= word.Length && Ascii.EqualsIgnoreCase(payload[..word.Length], word);
}
