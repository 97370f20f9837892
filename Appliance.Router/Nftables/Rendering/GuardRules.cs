using System.Globalization;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>Checks of every packet that comes in, before it is routed.</summary>
internal static class GuardRules
{
    public const string Spoofed = "spoofed_drops";
    public const string Bogons = "bogon_drops";
    public const string Floods = "new_tcp_drops";

    // Special-purpose addresses that no packet from the internet has as its source (RFC 6890, RFC 1918, RFC 6598, RFC 5737, RFC 1112).
    private const string Bogons4 =
        "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/3";

    // As above for IPv6 (RFC 6890, RFC 4193, RFC 3849, RFC 9637, RFC 6666, RFC 3879). Link-local ones are neighbors'.
    private const string Bogons6 =
        "::1, ::ffff:0:0/96, 64:ff9b:1::/48, 100::/64, 2001:2::/48, 2001:db8::/32, 3fff::/20, fc00::/7, fec0::/10, ff00::/8";

    public static IEnumerable<(string Name, string Text, string Description)> Of(Protections protections)
    {
        if (protections.AntiSpoofing)
        {
            yield return ("unaddressed4", "ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept", "A station that asks for an address has none yet (RFC 2131).");
            yield return ("unaddressed6", "ip6 saddr :: meta l4proto ipv6-icmp accept", "Nor has one that checks whether its address is taken (RFC 4862).");
            yield return ("spoofed", $"iifname != \"lo\" fib saddr . iif oif missing counter name {Spoofed} drop", "Drops what does not come from where its answer would go (RFC 3704).");
        }

        if (protections.DropBogons)
        {
            // Not what stands: behind another router the way to the internet is a private network itself, whose answers have to come in.
            yield return ("bogons4", $"iifname @{Names.Outside} ct state new,invalid ip saddr {{ {Bogons4} }} udp dport != 68 counter name {Bogons} drop", "");
            yield return ("bogons4-other", $"iifname @{Names.Outside} ct state new,invalid ip saddr {{ {Bogons4} }} meta l4proto != udp counter name {Bogons} drop", "Drops what no source on the internet can have sent.");
            yield return ("bogons6", $"iifname @{Names.Outside} ct state new,invalid ip6 saddr {{ {Bogons6} }} counter name {Bogons} drop", "The same for IPv6.");
        }

        if (protections.NewTcpPerSecond > 0)
        {
            yield return ("new-tcp4", Limit("4", "ip", protections.NewTcpPerSecond), "Limits the connections that one source begins.");
            yield return ("new-tcp6", Limit("6", "ip6", protections.NewTcpPerSecond), "The same for IPv6.");
        }
    }

    // A full set refuses a new source, whose rule then does not match: the flood of a million sources is not made worse here.
    private static string Limit(string family, string word, int rate) => string.Create(
        CultureInfo.InvariantCulture,
        $"tcp flags & (fin | syn | rst | ack) == syn ct state new update @new_tcp{family} {{ {word} saddr limit rate over {rate}/second burst {rate} packets }} counter name {Floods} drop");
}
