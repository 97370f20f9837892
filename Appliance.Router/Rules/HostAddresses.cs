using System.Net;
using System.Net.NetworkInformation;

namespace Appliance.Router.Rules;

/// <summary>Own addresses and stations, default gateways and their stations, DNS servers, loopback and link-local multicast.</summary>
internal sealed class HostAddresses : IHostAddresses
{
    // With systemd-resolved or NetworkManager in between, resolv.conf names only the local stub.
    private static readonly string[] ResolverFiles = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf"];
    private const string NeighbourFile = "/proc/net/arp";

    private static readonly (string Range, string Reason)[] Fixed =
    [
        ("127.0.0.0/8", "Loopback (RFC 1122)."),
        ("::1/128", "Loopback (RFC 4291)."),
        ("224.0.0.0/24", "Link-local multicast (RFC 5771)."),
        ("ff02::/16", "Link-local multicast (RFC 4291)."),
        ("255.255.255.255/32", "Limited broadcast (RFC 919)."),
    ];

    public IReadOnlyList<ProtectedAddress> Read()
    {
        var found = new Dictionary<TargetRange, ProtectedAddress>();
        foreach (var (text, reason) in Fixed)
        {
            Add(found, TargetRange.TryParse(text, out var range) ? range : throw new FormatException(text), reason);
        }

        var gateways = new HashSet<IPAddress>();
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            AddInterface(found, network, gateways);
        }

        foreach (var station in HostFiles.Stations(ReadText(NeighbourFile), gateways))
        {
            Add(found, TargetRange.Of(station), "Station of a default gateway.");
        }

        foreach (var server in ResolverFiles.SelectMany(path => HostFiles.NameServers(ReadText(path))))
        {
            Add(found, TargetRange.Of(BlockTarget.From(server)), "DNS server of this node.");
        }

        return [.. found.Values];
    }

    private static void AddInterface(Dictionary<TargetRange, ProtectedAddress> found, NetworkInterface network, HashSet<IPAddress> gateways)
    {
        if (BlockTarget.TryFromMacBytes(network.GetPhysicalAddress().GetAddressBytes(), out var station) && station.IsUnicast)
        {
            Add(found, TargetRange.Of(station), $"This node's own station {network.Name}.");
        }

        var properties = network.GetIPProperties();
        foreach (var own in properties.UnicastAddresses)
        {
            Add(found, TargetRange.Of(BlockTarget.From(own.Address)), $"This node's own address on {network.Name}.");
        }

        foreach (var gateway in properties.GatewayAddresses.Select(entry => entry.Address).Where(address => BlockTarget.From(address).IsUnicast))
        {
            gateways.Add(gateway);
            Add(found, TargetRange.Of(BlockTarget.From(gateway)), $"Default gateway on {network.Name}.");
        }
    }

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
