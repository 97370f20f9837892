using System.Buffers.Binary;
using System.Globalization;

namespace Appliance.Router.Decoding.Dhcp;

/// <summary>Option numbers as text.</summary>
internal static class DhcpText
{
    // Five digits and a comma each; option 55 holds 255 at most, and nobody's option 6 holds more.
    private const int MaxNumbers = 255;
    private const int MaxChars = 6;

    /// <summary>Numbers of one or two bytes as decimals with commas between them.</summary>
    public static string Numbers(ReadOnlySpan<byte> bytes, int size)
    {
        Span<char> text = stackalloc char[MaxNumbers * MaxChars];
        var length = 0;
        for (var i = 0; i < Math.Min(bytes.Length / size, MaxNumbers); i++)
        {
            var number = size == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16BigEndian(bytes[(i * size)..]);
            if (length > 0)
            {
                text[length++] = ',';
            }

            number.TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
            length += written;
        }

        return new string(text[..length]);
    }
}
