using System.Net;

namespace Appliance.Router.Rules;

/// <summary>Reads resolver files; lines of another form are passed over.</summary>
internal static class HostFiles
{
    /// <summary>Addresses of the <c>nameserver</c> lines (resolv.conf(5)).</summary>
    public static IEnumerable<IPAddress> NameServers(string text) => Lines(text)
        .Select(Words)
        .Where(words => words.Length >= 2 && words[0] == "nameserver")
        // A link-local server is written with its interface: fe80::1%eth0.
        .Select(words => IPAddress.TryParse(words[1].Split('%')[0], out var address) ? address : null)
        .OfType<IPAddress>();

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
