using System.Net;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What the lab's gateway knows of the world: which cable each address is behind, and which are its own.</summary>
internal static class Site
{
    private static readonly IReadOnlyList<(TargetRange Network, string Cable)> Routes =
    [
        (Range("10.71.1.0/24"), "lan"), (Range("fd71:1::/64"), "lan"),
        (Range("10.71.3.0/24"), "iot"), (Range("fd71:3::/64"), "iot"),
    ];

    private static readonly IReadOnlyList<IPAddress> Own =
        [.. new[] { "10.71.1.1", "10.71.3.1", "45.71.2.1", "fd71:1::1", "fd71:3::1", "2a00:71:2::1" }.Select(IPAddress.Parse)];

    /// <summary>The cable that a packet to an address leaves by, or the gateway.</summary>
    public static string WayTo(IPAddress address)
    {
        var target = BlockTarget.From(address);
        return Own.Contains(address) ? PolicyLab.Gateway : Routes.FirstOrDefault(route => route.Network.Contains(target)).Cable ?? "wan";
    }

    /// <summary>The gateway's IPv4 address on a cable.</summary>
    public static IPAddress Own4(string cable) => Own[cable switch { "lan" => 0, "iot" => 1, _ => 2 }];
}
