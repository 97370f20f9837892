using System.Net.NetworkInformation;

namespace Appliance.Router.Rules;

/// <summary>Own addresses and stations, default gateways, DNS servers, loopback and link-local multicast.</summary>
internal static class HostAddresses
{
    // With systemd-resolved or NetworkManager in between, resolv.conf names only the local stub.
    private static readonly string[] ResolverFiles = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf"];

    private static readonly (string Range, string Reason)[] Fixed =
    [
        ("127.0.0.0/8", "Loopback (RFC 1122)."),
        ("::1/128", "Loopback (RFC 4291)."),
        ("224.0.0.0/24", "Link-local multicast (RFC 5771)."),
        ("ff02::/16", "Link-local multicast (RFC 4291)."),
        ("255.255.255.255/32", "Limited broadcast (RFC 919)."),
    ];

    /// <summary>What the node itself has, and what nobody has.</summary>
    public static IReadOnlyList<ProtectedAddress> ReadOwn()
    {
        var found = new Dictionary<TargetRange, ProtectedAddress>();
        foreach (var (text, reason) in Fixed)
        {
            Add(found, TargetRange.TryParse(text, out var range) ? range : throw new FormatException(text), reason);
        }

        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (BlockTarget.TryFromMacBytes(network.GetPhysicalAddress().GetAddressBytes(), out var station) && station.IsUnicast)
            {
                Add(found, TargetRange.Of(station), $"This node's own station {network.Name}.");
            }

            foreach (var own in network.GetIPProperties().UnicastAddresses)
            {
                Add(found, TargetRange.Of(BlockTarget.From(own.Address)), $"This node's own address on {network.Name}.");
            }
        }

        return [.. found.Values];
    }

    /// <summary>Whom the node needs to get anywhere: its gateways and DNS servers.</summary>
    public static IReadOnlyList<NeededAddress> ReadNeeded() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(network => network.GetIPProperties().GatewayAddresses
            .Select(gateway => new NeededAddress(gateway.Address, $"Default gateway on {network.Name}.", network.Name))),
        .. ResolverFiles.SelectMany(path => HostFiles.NameServers(ReadText(path))).Select(server => new NeededAddress(server, "DNS server of this node.")),
    ];

    private static void Add(Dictionary<TargetRange, ProtectedAddress> found, TargetRange range, string reason) =>
        found.TryAdd(range, ProtectedAddress.BuiltIn(range, reason));

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not every system has each of these files.
            return "";
        }
    }
}
