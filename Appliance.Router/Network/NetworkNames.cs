using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Appliance.Router.Network;

/// <summary>Which names and addresses are taken; all else could mean something in dnsmasq's file.</summary>
internal static class NetworkNames
{
    // RFC 1123, 2.1 and RFC 1035, 2.3.4: letters, digits and hyphens inside, 63 a label.
    public const string LabelPattern = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    public const string LabelRule = "must be one host name of letters, digits and '-', without a dot";
    public const string NamePattern = "(?=.{1,253}$)" + LabelPattern + @"(\." + LabelPattern + ")*";
    public const string NameRule = "must be a name of letters, digits, '-' and '.', at most 253";
    public const string AddressRule = "must be an IPv4 address, such as 192.168.1.100";
    private const int MaxLabel = 63;
    private const int MaxName = 253;

    private static readonly SearchValues<byte> LabelBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Four decimal numbers and nothing else; the framework takes "1" and "0x7f.1" too.</summary>
    public static bool TryIPv4(string text, out uint address)
    {
        address = 0;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetwork || parsed.ToString() != text)
        {
            return false;
        }

        address = parsed.GetAddressBytes().Aggregate(0u, (value, part) => value << 8 | part);
        return true;
    }

    public static string Text(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{address >> 16 & 0xff}.{address >> 8 & 0xff}.{address & 0xff}");

    /// <summary>An address as dnsmasq reads it too: no brackets, no scope, no shorthand of IPv4.</summary>
    public static bool TryAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (TryIPv4(text, out _))
        {
            address = IPAddress.Parse(text);
            return true;
        }

        if (!text.Contains(':', StringComparison.Ordinal) || text.AsSpan().ContainsAny('[', '%', '/') || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = parsed;
        return true;
    }

    /// <summary>Whether these bytes are a name of at least two labels, as lists of names hold them; underscores occur in them.</summary>
    public static bool IsListed(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxName)
        {
            return false;
        }

        var labels = 0;
        while (!name.IsEmpty)
        {
            var end = name.IndexOf((byte)'.');
            var label = end < 0 ? name : name[..end];
            if (label.Length is 0 or > MaxLabel || label.ContainsAnyExcept(LabelBytes) || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            labels++;
            name = end < 0 ? default : name[(end + 1)..];
            if (end >= 0 && name.IsEmpty)
            {
                return false;
            }
        }

        return labels > 1;
    }
}
