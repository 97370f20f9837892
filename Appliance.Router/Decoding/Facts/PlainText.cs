using System.Buffers;
using System.Globalization;
using System.Text;

namespace Appliance.Router.Decoding.Facts;

/// <summary>Text from the network as text that is safe to log and to show: printable characters as they are, all else escaped.</summary>
/// <remarks>
/// A byte that is no printable UTF-8 stands as \DDD, a backslash as two (the form of RFC 1035, 5.1): so no line break, terminal sequence or
/// turn of the writing direction gets through. Markup is plain text too; who shows it in a page encodes it there. This is the one place where
/// text from packets is made: inventory, event stream, log and all that is behind them take it as it is.
/// </remarks>
internal static class PlainText
{
    /// <summary>What is kept of a text, in bytes; DNS names and DHCP options end there by themselves.</summary>
    public const int MaxBytes = 255;

    /// <summary>A byte becomes four characters at most.</summary>
    public const int MaxCharsPerByte = 4;

    /// <summary>Ends a text that was longer.</summary>
    public const char Ellipsis = '…';

    private const byte Backslash = (byte)'\\';

    private static readonly SearchValues<byte> Harmless =
        SearchValues.Create(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var kept = bytes[..Math.Min(bytes.Length, MaxBytes)];
        Span<char> text = stackalloc char[(MaxBytes * MaxCharsPerByte) + 1];
        var length = Write(kept, text);
        if (kept.Length < bytes.Length)
        {
            text[length++] = Ellipsis;
        }

        return new string(text[..length]);
    }

    /// <summary>Writes the text and gives its length; there must be room for four characters a byte.</summary>
    public static int Write(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var length = 0;
        while (!bytes.IsEmpty)
        {
            var plain = bytes.IndexOfAnyExcept(Harmless);
            plain = plain < 0 ? bytes.Length : plain;
            length += Encoding.ASCII.GetChars(bytes[..plain], text[length..]);
            bytes = bytes[plain..];
            if (!bytes.IsEmpty)
            {
                bytes = bytes[WriteOne(bytes, text, ref length)..];
            }
        }

        return length;
    }

    // Gives how many bytes the character took.
    private static int WriteOne(ReadOnlySpan<byte> bytes, Span<char> text, ref int length)
    {
        if (bytes[0] == Backslash)
        {
            text[length++] = '\\';
            text[length++] = '\\';
            return 1;
        }

        if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done && IsPrintable(rune))
        {
            length += rune.EncodeToUtf16(text[length..]);
            return consumed;
        }

        foreach (var value in bytes[..consumed])
        {
            text[length++] = '\\';
            value.TryFormat(text[length..], out _, "D3", CultureInfo.InvariantCulture);
            length += 3;
        }

        return consumed;
    }

    // Format characters turn the writing direction or are not seen; separators break lines.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
