using Appliance.Router.Rules;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>What keeps stations from where their devices' policies and schedules say.</summary>
internal static class DeviceRules
{
    /// <summary>What a station needs to hold its address and be seen to; others jump to it.</summary>
    public const string Services = "gateway_services";

    public static readonly SetName LanOnly = new(BaseRuleset.Table, "lan_only_mac", TargetKind.Mac);
    public static readonly SetName InternetOnly = new(BaseRuleset.Table, "internet_only_mac", TargetKind.Mac);
    public static readonly SetName Resting = new(BaseRuleset.Table, "resting_mac", TargetKind.Mac);

    public static readonly IReadOnlyList<SetName> Sets = [LanOnly, InternetOnly, Resting];

    // Where a site has no zone to the internet, what is not of these is taken for it (RFC 1918, RFC 3927, RFC 4193, RFC 4291; multicast is not routed).
    private const string Private4 = "10.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/4";
    private const string Private6 = "fc00::/7, fe80::/10, ff00::/8";

    public static SetName SetOf(DeviceLimit limit) => limit switch
    {
        DeviceLimit.LanOnly => LanOnly,
        DeviceLimit.InternetOnly => InternetOnly,
        _ => Resting,
    };

    public static KernelChain ServicesChain() => new(Services, "",
    [
        Rule(Services, "services", "udp dport { 53, 67, 123, 547 } accept", "Asks the gateway for an address, for names and for the time."),
        Rule(Services, "names", "tcp dport 53 accept", "Long answers to questions for names come over TCP (RFC 7766)."),
        Rule(Services, "neighbors", "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept", "Without Neighbor Discovery it has no IPv6 address to be seen by."),
        Rule(Services, "replies", "ct direction reply ct state established,related accept", "It answers what the gateway itself asks."),
    ]);

    public static IEnumerable<FirewallRule> Input(string chain) =>
    [
        Rule(chain, "resting-services", $"ether saddr @{Resting.Name} jump {Services}", "A resting station keeps its address."),
        Rule(chain, "resting", $"ether saddr @{Resting.Name} {Drop(Resting)}", "Drops all else from a station outside of its allowed times."),
        Rule(chain, "internet-only-services", $"ether saddr @{InternetOnly.Name} jump {Services}", "A station for the internet alone keeps its address."),
        Rule(chain, "internet-only", $"ether saddr @{InternetOnly.Name} ct direction original {Drop(InternetOnly)}", "Drops what else it begins towards the gateway."),
    ];

    public static IEnumerable<FirewallRule> Forward(string chain, bool hasOutside)
    {
        yield return Rule(chain, "resting", $"ether saddr @{Resting.Name} {Drop(Resting)}", "Drops all from a station outside of its allowed times.");
        if (hasOutside)
        {
            yield return Rule(chain, "lan-only", $"ether saddr @{LanOnly.Name} oifname @{Names.Outside} {Drop(LanOnly)}", "Drops what a station for the site alone sends to the internet.");
            yield return Rule(chain, "internet-only", $"ether saddr @{InternetOnly.Name} oifname != @{Names.Outside} ct direction original {Drop(InternetOnly)}", "Drops what a station for the internet alone begins towards the site.");
            yield break;
        }

        yield return Rule(chain, "lan-only4", $"ether saddr @{LanOnly.Name} ip daddr != {{ {Private4} }} {Drop(LanOnly)}", "Drops what a station for the site alone sends to the internet.");
        yield return Rule(chain, "lan-only6", $"ether saddr @{LanOnly.Name} ip6 daddr != {{ {Private6} }} {Drop(LanOnly)}", "The same for IPv6.");
        yield return Rule(chain, "internet-only4", $"ether saddr @{InternetOnly.Name} ip daddr {{ {Private4} }} ct direction original {Drop(InternetOnly)}", "Drops what a station for the internet alone begins towards the site.");
        yield return Rule(chain, "internet-only6", $"ether saddr @{InternetOnly.Name} ip6 daddr {{ {Private6} }} ct direction original {Drop(InternetOnly)}", "The same for IPv6.");
    }

    private static string Drop(SetName set) => $"counter name {set.Name}{BaseRuleset.CounterEnding} drop";

    private static FirewallRule Rule(string chain, string name, string text, string description) => new($"{chain}-{name}", chain, text, description);
}
