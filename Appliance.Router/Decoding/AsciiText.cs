using System.Text;

namespace Appliance.Router.Decoding;

/// <summary>Words in payload, upper and lower case alike.</summary>
internal static class AsciiText
{
    public static bool Begins(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> word) =>
        payload.Length >= word.Length && Ascii.EqualsIgnoreCase(payload[..word.Length], word);

    public static bool Contains(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> word)
    {
        for (; payload.Length >= word.Length; payload = payload[1..])
        {
            if (Begins(payload, word))
            {
                return true;
            }
        }

        return false;
    }
}
