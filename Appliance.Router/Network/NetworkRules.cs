using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace Appliance.Router.Network;

/// <summary>What has to fit together in the settings of the networks; each rule is silent where its values could not be read.</summary>
internal static class NetworkRules
{
    private const int MaxPath = 4095;

    public static IEnumerable<ValidationResult> Check(NetworkOptions options) =>
    [
        .. Presence(options),
        .. Entries(options.UpstreamServers, nameof(options.UpstreamServers), IsServer, "must be IP addresses"),
        .. Entries(options.Blocklists, nameof(options.Blocklists), IsPath, "must be absolute paths of at most 4095 characters, none of them a control character"),
        .. Apart(options),
        .. Leases(options),
        .. options.LocalNames.Where(entry => entry.Address.Length > 0 && !NetworkNames.TryAddress(entry.Address, out _))
            .Select(entry => Fault(nameof(options.LocalNames), $"{entry.Name} has the address '{entry.Address}', which is none")),
    ];

    public static IEnumerable<ValidationResult> Check(LanOptions lan)
    {
        foreach (var fault in Entries(lan.NtpServers, nameof(lan.NtpServers), text => NetworkNames.TryIPv4(text, out _), "must be IPv4 addresses"))
        {
            yield return fault;
        }

        if (lan.IPv6Prefix.Length > 0 && !IsPrefix(lan.IPv6Prefix))
        {
            yield return Fault(nameof(lan.IPv6Prefix), "must be of fc00::/7 or 2000::/3 with nothing behind its 64 bits, such as fd12:3456:789a:1::/64");
        }

        if (!Subnet.TryRead(lan.Gateway, out var subnet))
        {
            yield return Fault(nameof(lan.Gateway), "must be a host's IPv4 address in its network with a prefix of 8 to 30 bits, such as 192.168.1.1/24");
            yield break;
        }

        var hasFirst = NetworkNames.TryIPv4(lan.First, out var first) && subnet.IsHost(first);
        var hasLast = NetworkNames.TryIPv4(lan.Last, out var last) && subnet.IsHost(last);
        if (!hasFirst)
        {
            yield return Fault(nameof(lan.First), $"must be a host's address in {subnet}");
        }

        if (!hasLast)
        {
            yield return Fault(nameof(lan.Last), $"must be a host's address in {subnet}");
        }

        if (hasFirst && hasLast && first > last)
        {
            yield return Fault(nameof(lan.Last), $"must not be before First, {lan.First}");
        }

        if (hasFirst && hasLast && first <= subnet.Gateway && subnet.Gateway <= last)
        {
            yield return Fault(nameof(lan.First), $"to Last, {lan.Last}, must leave out the gateway's own address, {NetworkNames.Text(subnet.Gateway)}");
        }
    }

    private static IEnumerable<ValidationResult> Presence(NetworkOptions options)
    {
        if (options.Enabled && options.Lans.Count == 0)
        {
            yield return Fault(nameof(options.Lans), "has no network to give addresses in; name one, or set Enabled to false");
        }
    }

    private static IEnumerable<ValidationResult> Apart(NetworkOptions options)
    {
        foreach (var twice in Doubled(options.Lans.Select(lan => lan.Interface)))
        {
            yield return Fault(nameof(options.Lans), $"names the interface {twice} twice");
        }

        foreach (var twice in Doubled(options.Lans.Select(lan => lan.IPv6Prefix)))
        {
            yield return Fault(nameof(options.Lans), $"has the IPv6 prefix {twice} twice");
        }

        var subnets = Subnets(options);
        for (var one = 0; one < subnets.Count; one++)
        {
            foreach (var other in subnets.Skip(one + 1).Where(other => subnets[one].Subnet.Overlaps(other.Subnet)))
            {
                yield return Fault(nameof(options.Lans), $"has networks that overlap: {subnets[one].Subnet} on {subnets[one].Interface} and {other.Subnet} on {other.Interface}");
            }
        }
    }

    private static IEnumerable<ValidationResult> Leases(NetworkOptions options)
    {
        var subnets = Subnets(options);
        foreach (var lease in options.StaticLeases.Where(lease => lease.Address.Length > 0))
        {
            if (!NetworkNames.TryIPv4(lease.Address, out var address) || !subnets.Any(lan => lan.Subnet.IsHost(address) && lan.Subnet.Gateway != address))
            {
                yield return Fault(nameof(options.StaticLeases), $"gives {lease.Mac} the address '{lease.Address}', which is no host's in any of the networks");
            }
        }

        IEnumerable<string>[] unique = [options.StaticLeases.Select(lease => lease.Mac), options.StaticLeases.Select(lease => lease.Address), options.StaticLeases.Select(lease => lease.Name)];
        foreach (var twice in unique.SelectMany(Doubled))
        {
            yield return Fault(nameof(options.StaticLeases), $"has {twice} twice");
        }
    }

    private static List<(string Interface, Subnet Subnet)> Subnets(NetworkOptions options) =>
        [.. options.Lans.Select(lan => (lan.Interface, IsRead: Subnet.TryRead(lan.Gateway, out var subnet), Subnet: subnet)).Where(lan => lan.IsRead).Select(lan => (lan.Interface, lan.Subnet))];

    private static IEnumerable<ValidationResult> Entries(IEnumerable<string> entries, string member, Func<string, bool> holds, string rule) =>
        entries.All(holds) ? [] : [Fault(member, rule)];

    private static IEnumerable<string> Doubled(IEnumerable<string> values) => values
        .Where(value => value.Length > 0)
        .GroupBy(value => value, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group => group.Key);

    private static bool IsServer(string text) => NetworkNames.TryAddress(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);

    private static bool IsPath(string path) => path.StartsWith('/') && path.Length <= MaxPath && !path.Any(char.IsControl);

    // RFC 4193 and RFC 3587; a prefix of 64 bits is what SLAAC takes (RFC 4862, 5.5.3).
    private static bool IsPrefix(string text) =>
        IPNetwork.TryParse(text, out var prefix)
        && prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6
        && prefix.BaseAddress.Equals(IPAddress.Parse(text.Split('/')[0]))
        && prefix.BaseAddress.GetAddressBytes() is var bytes
        && ((bytes[0] & 0xfe) == 0xfc || (bytes[0] & 0xe0) == 0x20);

    private static ValidationResult Fault(string member, string rule) => new(rule, [member]);
}
