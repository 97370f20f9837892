using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>The chains that hang on the kernel's filter hooks: for the gateway itself, through it, and from it.</summary>
internal sealed class HookChains(FirewallPolicy policy, KernelFeatures features)
{
    public const string Input = "input";
    public const string Forward = "forward";
    public const string Output = "output";
    public const string Flowtable = "established";
    public const string Invalid = "invalid_drops";
    public const string Unmatched = "unmatched_drops";
    public const string Crowded = "crowded_drops";

    private readonly bool _isDeciding = policy.Zones.Count > 0;

    public bool HasFlowtable => _isDeciding && policy.Protections.Flowtable && features.Flowtable;

    public IEnumerable<KernelChain> All()
    {
        if (_isDeciding && GuardRules.Of(policy.Protections).Select(rule => Line("guard", rule.Name, rule.Text, rule.Description)).ToList() is { Count: > 0 } guards)
        {
            // Behind conntrack (-200), whose states it asks for, and before any decision on the way.
            yield return new KernelChain("guard", "type filter hook prerouting priority mangle; policy accept;", guards);
        }

        yield return Hook(Input, [.. Blocks(Input), .. _isDeciding ? InputRules() : []]);
        yield return Hook(Forward, [.. Blocks(Forward), .. _isDeciding ? ForwardRules() : []]);
        if (_isDeciding && OutputRules().ToList() is { Count: > 0 } output)
        {
            yield return new KernelChain(Output, "type filter hook output priority filter; policy accept;", [.. OwnTraffic(), .. output]);
        }
    }

    private KernelChain Hook(string name, IReadOnlyList<FirewallRule> rules) =>
        new(name, $"type filter hook {name} priority filter; policy {(_isDeciding ? "drop" : "accept")};", rules);

    private IEnumerable<FirewallRule> Blocks(string chain) =>
    [
        .. BaseRuleset.Offenders(chain),
        .. chain == Input ? DeviceRules.Input(chain) : DeviceRules.Forward(chain, policy.Zones.Any(zone => zone.IsOutside)),
        .. _isDeciding ? Jumps(chain, isEarly: true) : [],
        .. _isDeciding ? [Line(chain, "invalid", $"ct state invalid counter name {Invalid} drop", "Drops what belongs to no connection and begins none.")] : Array.Empty<FirewallRule>(),
        .. chain == Forward && HasFlowtable ? [Line(chain, "offload", $"meta l4proto {{ tcp, udp }} ct state established flow add @{Flowtable}", "What is let through goes past the rules from now on.")] : Array.Empty<FirewallRule>(),
        .. BaseRuleset.Established(chain),
    ];

    private IEnumerable<FirewallRule> InputRules() =>
    [
        Line(Input, "loopback", "iifname \"lo\" accept", "The gateway talks to itself."),
        Line(Input, "neighbors", "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept", "IPv6 does not work without Neighbor Discovery (RFC 4890)."),
        Line(Input, "listeners", "icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } ip6 saddr fe80::/10 accept", "Nor do switches that listen for multicast groups (RFC 4890)."),
        Line(Input, "errors4", "icmp type { destination-unreachable, time-exceeded, parameter-problem } accept", "Without them paths with small packets look dead (RFC 1191)."),
        Line(Input, "errors6", "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept", "Must not be dropped (RFC 4890)."),
        Line(Input, "echo4", "icmp type echo-request limit rate 50/second burst 100 packets accept", "The gateway can be pinged."),
        Line(Input, "echo6", "icmpv6 type echo-request limit rate 50/second burst 100 packets accept", "The same for IPv6."),
        Line(Input, "leases4", $"iifname @{Names.Outside} udp sport 67 udp dport 68 accept", "The provider's answers with an address (RFC 2131)."),
        Line(Input, "leases6", $"iifname @{Names.Outside} ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept", "The same for IPv6 (RFC 8415)."),
        Line(Input, "management", $"iifname @{Names.Management} tcp dport {{ 7443-7446, 7450, 8443 }} accept", "Whoever may manage the gateway always reaches it."),
        Line(Input, "served", $"iifname @{Names.Served} udp dport {{ 53, 67, 123, 547 }} accept", "Addresses, names and the time for those it serves."),
        Line(Input, "served-names", $"iifname @{Names.Served} tcp dport 53 accept", "Long answers to questions for names (RFC 7766)."),
        .. Jumps(Input, isEarly: false),
        .. policy.Defaults.Where(one => one.Destination == Zone.Gateway && one.Source != Zone.Gateway).Select(one => Default(Input, one, $"iifname @{Names.OfZone(one.Source)}")),
        Line(Input, "unmatched", $"counter name {Unmatched} drop", "What nobody allows is dropped."),
    ];

    private IEnumerable<FirewallRule> ForwardRules() =>
    [
        .. policy.Protections.ConnectionsPerDevice > 0
            ? [Line(Forward, "crowded", $"iifname != @{Names.Outside} ct state new add @connections_mac {{ ether saddr ct count over {policy.Protections.ConnectionsPerDevice} }} counter name {Crowded} drop", "Limits the connections that one station holds.")]
            : Array.Empty<FirewallRule>(),
        .. Jumps(Forward, isEarly: false),
        .. policy.Defaults
            .Where(one => one.Destination != Zone.Gateway && one.Source != Zone.Gateway)
            .Select(one => Default(Forward, one, $"iifname @{Names.OfZone(one.Source)} oifname @{Names.OfZone(one.Destination)}")),
        Line(Forward, "unmatched", $"counter name {Unmatched} drop", "What nobody allows is dropped."),
    ];

    private IEnumerable<FirewallRule> OutputRules() =>
    [
        .. Jumps(Output, isEarly: true),
        .. Jumps(Output, isEarly: false),
        .. policy.Defaults.Where(one => one.Source == Zone.Gateway && one.Destination != Zone.Gateway).Select(one => Default(Output, one, $"oifname @{Names.OfZone(one.Destination)}")),
    ];

    // Answers to those who manage the gateway must leave, whatever the rules say.
    private static IEnumerable<FirewallRule> OwnTraffic() =>
    [
        Line(Output, "loopback", "oifname \"lo\" accept", "The gateway talks to itself."),
        Line(Output, "established", "ct state established,related accept", "It answers."),
        Line(Output, "neighbors", "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept", "IPv6 does not work without Neighbor Discovery (RFC 4890)."),
    ];

    private IEnumerable<FirewallRule> Jumps(string chain, bool isEarly) => policy.InOrder
        .Where(rule => RuleChains.IsTranslation(rule) ? rule.Action == RuleAction.Forward && !isEarly && chain == Forward : RuleChains.IsEarly(rule) == isEarly)
        .SelectMany(rule => RuleChains.IsTranslation(rule) ? NatChains.Passing(rule, policy) : Jump(rule, chain));

    private static IEnumerable<FirewallRule> Jump(PolicyRule rule, string chain)
    {
        var (sources, destinations) = (rule.Match.SourceZones, rule.Match.DestinationZones);
        var entries = MatchText.Zones("iifname", sources);
        var exits = MatchText.Zones("oifname", destinations);
        var fromOutside = sources.Count == 0 || sources.Any(zone => zone != Zone.Gateway);
        var toGateway = destinations.Count == 0 || destinations.Contains(Zone.Gateway);
        var toOthers = destinations.Count == 0 || destinations.Any(zone => zone != Zone.Gateway);
        var pairs = chain switch
        {
            Input when fromOutside && toGateway => entries,
            Forward when fromOutside && toOthers => from entry in entries from exit in exits select MatchText.Join(entry, exit),
            Output when sources.Contains(Zone.Gateway) && toOthers => exits,
            _ => [],
        };
        return pairs.Select(pair => new FirewallRule(rule.Id, chain, MatchText.Join(pair, $"jump {Names.OfRule(rule)}"), rule.Name));
    }

    private static FirewallRule Default(string chain, ZoneDefault one, string zones) => Line(
        chain,
        $"{one.Source}-{one.Destination}",
        MatchText.Join(zones, one.Action switch { RuleAction.Accept => "accept", RuleAction.Reject => $"goto {RuleChains.Refuse}", _ => $"counter name {Unmatched} drop" }),
        $"What goes from {one.Source} to {one.Destination} by default.");

    private static FirewallRule Line(string chain, string name, string text, string description) => new($"{chain}-{name}", chain, text, description);
}
