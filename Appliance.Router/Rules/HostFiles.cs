using System.Globalization;
using System.Net;

namespace Appliance.Router.Rules;

/// <summary>Reads resolver and neighbour files; lines of another form are passed over.</summary>
internal static class HostFiles
{
    /// <summary>Addresses of the <c>nameserver</c> lines (resolv.conf(5)).</summary>
    public static IEnumerable<IPAddress> NameServers(string text) => Lines(text)
        .Select(Words)
        .Where(words => words.Length >= 2 && words[0] == "nameserver")
        // A link-local server is written with its interface: fe80::1%eth0.
        .Select(words => IPAddress.TryParse(words[1].Split('%')[0], out var address) ? address : null)
        .OfType<IPAddress>();

    /// <summary>The stations that hold these IPv4 addresses, from /proc/net/arp: address, type, flags, station, mask, device.</summary>
    public static IEnumerable<BlockTarget> Stations(string text, IReadOnlySet<IPAddress> wanted)
    {
        foreach (var words in Lines(text).Skip(1).Select(Words).Where(words => words.Length >= 4))
        {
            // Flag 2 (ATF_COM): the entry is complete.
            if (IPAddress.TryParse(words[0], out var address)
                && wanted.Contains(address)
                && words[2].StartsWith("0x", StringComparison.Ordinal)
                && int.TryParse(words[2].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var flags)
                && (flags & 2) != 0
                && BlockTarget.TryParse(words[3], out var station)
                && station is { Kind: TargetKind.Mac, IsUnicast: true })
            {
                yield return station;
            }
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
