using System.Buffers;
using System.Buffers.Text;
using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Network;

/// <summary>Reads dnsmasq's leases: end, station, address, name and client, a line each; those of DHCPv6 follow a line that begins with <c>duid</c>.</summary>
/// <remarks>The file is read while dnsmasq writes it, so a last line without its end is not taken.</remarks>
internal ref struct LeaseReader(ReadOnlySpan<byte> file)
{
    // RFC 8415, 11.2 and 11.4: a DUID of an Ethernet address, with a time before it or not; as hex with colons.
    private const int TimedDuidLength = 14;
    private const int PlainDuidLength = 10;
    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF.:"u8);

    private ReadOnlySpan<byte> _file = file;

    /// <summary>The next line that is a lease; others are passed over.</summary>
    public bool TryNext(out Lease lease)
    {
        for (var end = _file.IndexOf((byte)'\n'); end >= 0; end = _file.IndexOf((byte)'\n'))
        {
            var line = _file[..end];
            _file = _file[(end + 1)..];
            if (TryRead(line, out lease))
            {
                return true;
            }
        }

        lease = default;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out Lease lease)
    {
        lease = default;
        if (!TryWord(ref line, out var expiry) || !TryWord(ref line, out var station) || !TryWord(ref line, out var place)
            || !TryWord(ref line, out var name) || !TryWord(ref line, out var client))
        {
            return false;
        }

        if (!Utf8Parser.TryParse(expiry, out long expireSeconds, out var digits) || digits != expiry.Length || expireSeconds < 0 || !TryAddress(place, out var address))
        {
            return false;
        }

        // In DHCPv6 the second word is the association's number, and who it is stands in the last.
        var mac = IPAddresses.IsIPv4(address) ? ReadMac(station) : ReadDuid(client);
        lease = new Lease(mac, address, Text(name), Text(client), expireSeconds);
        return true;
    }

    private static bool TryWord(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        var end = line.IndexOf((byte)' ');
        word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return !word.IsEmpty;
    }

    private static string Text(ReadOnlySpan<byte> word) => word is [(byte)'*'] ? "" : PlainText.Of(word);

    private static bool TryAddress(ReadOnlySpan<byte> word, out UInt128 address)
    {
        address = 0;
        if (word.ContainsAnyExcept(AddressBytes) || !IPAddress.TryParse(word, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[IPAddresses.IPv6Length];
        _ = parsed.TryWriteBytes(bytes, out var length);
        address = IPAddresses.FromBytes(bytes[..length]);
        return true;
    }

    // Anything but Ethernet has its hardware type in front, with a hyphen.
    private static MacAddress ReadMac(ReadOnlySpan<byte> word)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Length];
        return ReadHex(word, bytes) == MacAddress.Length ? ToMac(bytes) : default;
    }

    private static MacAddress ReadDuid(ReadOnlySpan<byte> word)
    {
        Span<byte> bytes = stackalloc byte[TimedDuidLength];
        return ReadHex(word, bytes) switch
        {
            TimedDuidLength when bytes is [0, 1, 0, 1, ..] => ToMac(bytes[^MacAddress.Length..]),
            PlainDuidLength when bytes is [0, 3, 0, 1, ..] => ToMac(bytes[(PlainDuidLength - MacAddress.Length)..PlainDuidLength]),
            _ => default,
        };
    }

    private static MacAddress ToMac(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var part in bytes)
        {
            value = value << 8 | part;
        }

        return new MacAddress(value);
    }

    // Zero for anything but pairs of hex digits with colons between them that find room.
    private static int ReadHex(ReadOnlySpan<byte> word, Span<byte> bytes)
    {
        var count = (word.Length + 1) / 3;
        if (count > bytes.Length || word.Length != (count * 3) - 1)
        {
            return 0;
        }

        for (var i = 0; i < count; i++)
        {
            var pair = word.Slice(i * 3, 2);
            if (!Utf8Parser.TryParse(pair, out bytes[i], out var digits, 'x') || digits != 2 || (i < count - 1 && word[(i * 3) + 2] != ':'))
            {
                return 0;
            }
        }

        return count;
    }
}
