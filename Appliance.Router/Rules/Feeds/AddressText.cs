using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Reads addresses and networks as feeds write them, in their one plain notation.</summary>
internal static class AddressText
{
    // "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", and "/128" behind it.
    private const int MaxAddressLength = 45;
    private const int MaxLength = MaxAddressLength + 4;

    // Neither a scope ("%eth0") nor brackets: a feed knows nothing of this host's interfaces.
    private static readonly SearchValues<byte> Letters6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads "192.0.2.1", "192.0.2.0/24" or the same of IPv6; host bits are cleared.</summary>
    public static bool TryReadRange(ReadOnlySpan<byte> text, out TargetRange range)
    {
        range = default;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var slash = text.IndexOf((byte)'/');
        if (!TryRead(slash < 0 ? text : text[..slash], out var first))
        {
            return false;
        }

        var length = first.Length * 8;
        if (slash >= 0 && !TryReadLength(text[(slash + 1)..], first.Length * 8, out length))
        {
            return false;
        }

        range = new TargetRange(first, length);
        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> text, out BlockTarget address)
    {
        address = default;
        if (text.Length is 0 or > MaxAddressLength)
        {
            return false;
        }

        if (text.Contains((byte)':'))
        {
            return TryRead6(text, out address);
        }

        var isRead = TryRead4(text, out var value);
        address = new BlockTarget(TargetKind.Address4, value);
        return isRead;
    }

    // A leading zero makes a part octal to some readers and decimal to others, so it is no address here.
    private static bool TryRead4(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        var (part, digits, dots) = (0u, 0, 0);
        foreach (var letter in text)
        {
            if (letter == '.')
            {
                if (digits == 0 || ++dots > 3)
                {
                    return false;
                }

                value = (value << 8) | part;
                (part, digits) = (0, 0);
                continue;
            }

            if (letter is < (byte)'0' or > (byte)'9' || (digits > 0 && part == 0))
            {
                return false;
            }

            part = (part * 10) + letter - '0';
            digits++;
            if (part > 255)
            {
                return false;
            }
        }

        value = (value << 8) | part;
        return digits > 0 && dots == 3;
    }

    private static bool TryRead6(ReadOnlySpan<byte> text, out BlockTarget address)
    {
        address = default;
        // ::ffff:a.b.c.d is never on the wire: the packets carry the IPv4 header (RFC 4291, 2.5.5.2).
        if (text.ContainsAnyExcept(Letters6) || !IPAddress.TryParse(text, out var parsed) || parsed.IsIPv4MappedToIPv6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out var length) || length != bytes.Length)
        {
            return false;
        }

        address = new BlockTarget(TargetKind.Address6, BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> text, int most, out int length)
    {
        length = 0;
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0'))
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (letter is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            length = (length * 10) + letter - '0';
        }

        return length <= most;
    }
}
