using System.Globalization;
using System.Security.Cryptography;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Tls;

/// <summary>JA4, the fingerprint of a TLS client.</summary>
/// <remarks>
/// As published in https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md by FoxIO, LLC, under the BSD 3-Clause licence:
/// transport, version, server name, counts and protocol; then hashes of the sorted ciphers, and of the sorted extensions with the signature algorithms.
/// </remarks>
internal static class Ja4
{
    public const char Tcp = 't';
    public const char Quic = 'q';

    // Browsers offer some 20 of each; the counts end at 99.
    private const int MaxNumbers = 256;
    private const int CharsPerNumber = 5;
    private const int HashLength = 12;
    private const string NoHash = "000000000000";
    private const ushort ServerNameExtension = 0;
    private const ushort ProtocolsExtension = 16;

    /// <summary>The 36 characters; empty when the client offers more than 256 of something.</summary>
    public static string Of(in ClientHello hello, char transport)
    {
        Span<ushort> ciphers = stackalloc ushort[MaxNumbers];
        Span<ushort> extensions = stackalloc ushort[MaxNumbers];
        Span<ushort> algorithms = stackalloc ushort[MaxNumbers];
        if (!TryCollect(hello.Ciphers, ref ciphers) || !TryCollectExtensions(hello.Extensions, ref extensions) || !TryCollect(hello.SignatureAlgorithms, ref algorithms))
        {
            return "";
        }

        Span<char> protocol = ['0', '0'];
        WriteProtocol(hello.Protocols, protocol);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{transport}{VersionOf(hello)}{(hello.HasServerName ? 'd' : 'i')}{Math.Min(ciphers.Length, 99):D2}{Math.Min(extensions.Length, 99):D2}{protocol}_{HashCiphers(ciphers)}_{HashExtensions(extensions, algorithms)}");
    }

    /// <summary>Values that clients strew in so that servers learn to ignore what they do not know (RFC 8701).</summary>
    public static bool IsGrease(ushort value) => (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);

    private static bool TryCollect(ReadOnlySpan<byte> bytes, ref Span<ushort> numbers)
    {
        var count = 0;
        var reader = new ByteReader(bytes);
        while (reader.TryUInt16(out var number))
        {
            if (!TryAdd(number, numbers, ref count))
            {
                return false;
            }
        }

        numbers = numbers[..count];
        return true;
    }

    private static bool TryCollectExtensions(ReadOnlySpan<byte> bytes, ref Span<ushort> numbers)
    {
        var count = 0;
        var reader = new ByteReader(bytes);
        while (reader.TryUInt16(out var number) && reader.TryBlock16(out _))
        {
            if (!TryAdd(number, numbers, ref count))
            {
                return false;
            }
        }

        numbers = numbers[..count];
        return true;
    }

    private static bool TryAdd(ushort number, Span<ushort> numbers, ref int count)
    {
        if (IsGrease(number))
        {
            return true;
        }

        if (count == numbers.Length)
        {
            return false;
        }

        numbers[count++] = number;
        return true;
    }

    private static string VersionOf(in ClientHello hello) => hello.Version switch
    {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        _ => "00",
    };

    // First and last character of the first name; where one is no letter or digit, those of its hex form.
    private static void WriteProtocol(ReadOnlySpan<byte> protocols, Span<char> text)
    {
        var reader = new ByteReader(protocols);
        if (!reader.TryBlock8(out var name) || name.IsEmpty)
        {
            return;
        }

        var (first, last) = ((char)name[0], (char)name[^1]);
        var isPlain = char.IsAsciiLetterOrDigit(first) && char.IsAsciiLetterOrDigit(last);
        text[0] = isPlain ? first : char.ToLowerInvariant(Convert.ToHexString(name[..1])[0]);
        text[1] = isPlain ? last : char.ToLowerInvariant(Convert.ToHexString(name[^1..])[1]);
    }

    private static string HashCiphers(Span<ushort> ciphers)
    {
        ciphers.Sort();
        Span<byte> text = stackalloc byte[MaxNumbers * CharsPerNumber];
        return Hash(text[..WriteList(ciphers, text)]);
    }

    private static string HashExtensions(Span<ushort> extensions, ReadOnlySpan<ushort> algorithms)
    {
        extensions.Sort();
        Span<byte> text = stackalloc byte[(2 * MaxNumbers * CharsPerNumber) + 1];
        var count = 0;
        foreach (var extension in extensions)
        {
            // Both stand in the first part, so that one client looks the same wherever it goes.
            if (extension is not (ServerNameExtension or ProtocolsExtension))
            {
                extensions[count++] = extension;
            }
        }

        var length = WriteList(extensions[..count], text);
        if (length > 0 && !algorithms.IsEmpty)
        {
            text[length++] = (byte)'_';
            length += WriteList(algorithms, text[length..]);
        }

        return Hash(text[..length]);
    }

    // Four hex digits each, with commas between them.
    private static int WriteList(ReadOnlySpan<ushort> numbers, Span<byte> text)
    {
        var length = 0;
        foreach (var number in numbers)
        {
            if (length > 0)
            {
                text[length++] = (byte)',';
            }

            number.TryFormat(text[length..], out var written, "x4", CultureInfo.InvariantCulture);
            length += written;
        }

        return length;
    }

    private static string Hash(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return NoHash;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        return Convert.ToHexStringLower(digest[..(HashLength / 2)]);
    }
}
