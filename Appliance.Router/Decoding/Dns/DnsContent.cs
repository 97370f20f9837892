using System.Buffers.Binary;
using System.Globalization;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dns;

/// <summary>What a resource record says, as text (RFC 1035, 3.3; RFC 3596; RFC 2782).</summary>
internal static class DnsContent
{
    private const int PreferenceLength = 2;
    private const int ServiceLength = 6;

    // Printers tell some 25 things of themselves, others ten.
    private const int MaxStrings = 32;

    /// <summary>Reads the content from its start to the end of the bytes; empty when it is malformed or of a type without text.</summary>
    public static string Read(ReadOnlySpan<byte> message, int start, ushort type)
    {
        var content = message[start..];
        return type switch
        {
            DnsTypes.Address when content.Length == IPAddresses.IPv4Length => IPAddresses.ToIPAddress(IPAddresses.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(content))).ToString(),
            DnsTypes.AddressV6 when content.Length == IPAddresses.IPv6Length => new System.Net.IPAddress(content).ToString(),
            DnsTypes.NameServer or DnsTypes.CanonicalName or DnsTypes.NamePointer => ReadName(message, start),
            DnsTypes.MailExchange => ReadName(message, start + PreferenceLength),
            DnsTypes.Service when content.Length > ServiceLength => string.Create(
                CultureInfo.InvariantCulture, $"{ReadName(message, start + ServiceLength)}:{BinaryPrimitives.ReadUInt16BigEndian(content[4..])}"),
            DnsTypes.Text => ReadText(content),
            _ => "",
        };
    }

    /// <summary>The strings of a TXT record, as many as are of use: a key and a value each (RFC 6763, 6).</summary>
    public static IReadOnlyList<string> ReadStrings(ReadOnlySpan<byte> content)
    {
        var found = new List<string>();
        var strings = new ByteReader(content);
        while (found.Count < MaxStrings && strings.TryBlock8(out var part))
        {
            if (part.IndexOf((byte)'=') > 0)
            {
                found.Add(PlainText.Of(part));
            }
        }

        return found.Count == 0 ? [] : found;
    }

    private static string ReadName(ReadOnlySpan<byte> message, int start) => DnsName.TryRead(message, ref start, out var name) ? name : "";

    // Strings of 255 bytes at most; the lengths between them become spaces.
    private static string ReadText(ReadOnlySpan<byte> content)
    {
        Span<byte> text = stackalloc byte[PlainText.MaxBytes + 1];
        var length = 0;
        var strings = new ByteReader(content);
        while (length < text.Length && strings.TryBlock8(out var part))
        {
            if (length > 0)
            {
                text[length++] = (byte)' ';
            }

            part = part[..Math.Min(part.Length, text.Length - length)];
            part.CopyTo(text[length..]);
            length += part.Length;
        }

        return PlainText.Of(text[..length]);
    }
}
