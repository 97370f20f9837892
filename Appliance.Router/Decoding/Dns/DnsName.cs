using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dns;

/// <summary>Domain names of DNS messages, with the pointers that shorten them followed (RFC 1035, 4.1.4).</summary>
internal static class DnsName
{
    private const int MaxWireLength = 255;
    private const byte PointerMark = 0xc0;

    /// <summary>Reads the name at the offset and moves behind it; false when it is cut short, too long or points in a circle.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, out string name)
    {
        Span<char> text = stackalloc char[MaxWireLength * PlainText.MaxCharsPerByte];
        var isNamed = TryWrite(message, ref offset, text, out var length);
        name = isNamed ? new string(text[..length]) : "";
        return isNamed;
    }

    /// <summary>A name that stands outside a DNS message, where nothing can be pointed at and the root may be left out; empty when it is none.</summary>
    public static string ReadAlone(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[MaxWireLength + 1];
        if (bytes.IsEmpty || bytes.Length > MaxWireLength)
        {
            return "";
        }

        bytes.CopyTo(whole);
        whole[bytes.Length] = 0;
        var offset = 0;
        return TryRead(whole[..(bytes.Length + 1)], ref offset, out var name) ? name : "";
    }

    private static bool TryWrite(ReadOnlySpan<byte> message, ref int offset, Span<char> text, out int length)
    {
        length = 0;
        var place = offset;
        var earliest = offset;
        var wireLength = 1;
        int? end = null;
        while (place < message.Length)
        {
            var label = message[place];
            if (label == 0)
            {
                offset = end ?? place + 1;
                length = Finish(text, length);
                return true;
            }

            if (label >= PointerMark)
            {
                // Each pointer goes further back than the last, so no chain of them goes on for ever.
                end ??= place + 2;
                var isWhole = TryFollow(message, ref place);
                if (!isWhole || place >= earliest)
                {
                    return false;
                }

                earliest = place;
                continue;
            }

            wireLength += label + 1;
            place++;
            if ((label & PointerMark) != 0 || wireLength > MaxWireLength || place + label > message.Length)
            {
                return false;
            }

            length += WriteLabel(message.Slice(place, label), text[length..]);
            place += label;
        }

        return false;
    }

    private static bool TryFollow(ReadOnlySpan<byte> message, ref int place)
    {
        if (place + 2 > message.Length)
        {
            return false;
        }

        place = ((message[place] & ~PointerMark) << 8) | message[place + 1];
        return true;
    }

    private static int WriteLabel(ReadOnlySpan<byte> label, Span<char> text)
    {
        var length = 0;
        for (var dot = label.IndexOf((byte)'.'); dot >= 0; dot = label.IndexOf((byte)'.'))
        {
            // A dot within a label divides nothing.
            length += PlainText.Write(label[..dot], text[length..]);
            text[length++] = '\\';
            text[length++] = '.';
            label = label[(dot + 1)..];
        }

        length += PlainText.Write(label, text[length..]);
        text[length++] = '.';
        return length;
    }

    // Without the dot of the root at the end, unless it is the root itself.
    private static int Finish(Span<char> text, int length)
    {
        if (length > 0)
        {
            return length - 1;
        }

        text[0] = '.';
        return 1;
    }
}
