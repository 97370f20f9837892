using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>What is always in force: the sets, the counters, and the rules that look them up.</summary>
internal static class BaseRuleset
{
    public const string Table = "appliance";

    /// <summary>What one address may receive when an element names no rate of its own.</summary>
    public const int DefaultPacketsPerSecond = 100;

    public static readonly SetName Blocked4 = new(Table, "blocked4", TargetKind.Address4);
    public static readonly SetName Blocked6 = new(Table, "blocked6", TargetKind.Address6);
    public static readonly SetName BlockedMac = new(Table, "blocked_mac", TargetKind.Mac);
    public static readonly SetName QuarantinedMac = new(Table, "quarantined_mac", TargetKind.Mac);
    public static readonly SetName Limited4 = new(Table, "limited4", TargetKind.Address4);
    public static readonly SetName Limited6 = new(Table, "limited6", TargetKind.Address6);

    /// <summary>Counters are named after their set, with this ending.</summary>
    public const string CounterEnding = "_drops";

    private const string Input = "input";

    /// <summary>The sets that blocks live in.</summary>
    public static readonly IReadOnlyList<SetName> BlockSets = [Blocked4, Blocked6, BlockedMac, QuarantinedMac, Limited4, Limited6];

    /// <summary>What blocks and device limits drop, by set.</summary>
    public static readonly IReadOnlyList<string> Counters = [.. BlockSets.Concat(DeviceRules.Sets).Select(set => set.Name + CounterEnding)];

    /// <summary>The set that holds a block.</summary>
    public static SetName SetOf(Block block) => (block.Action, block.Target.Kind) switch
    {
        (BlockAction.Drop, TargetKind.Address4) => Blocked4,
        (BlockAction.Drop, TargetKind.Address6) => Blocked6,
        (BlockAction.Drop, TargetKind.Mac) => BlockedMac,
        (BlockAction.Quarantine, TargetKind.Mac) => QuarantinedMac,
        (BlockAction.RateLimit, TargetKind.Address4) => Limited4,
        (BlockAction.RateLimit, TargetKind.Address6) => Limited6,
        _ => throw new ArgumentException($"No set holds {block.Target} with {block.Action}: a rate limit needs an IP address, a quarantine a MAC address.", nameof(block)),
    };

    /// <summary>The rules on blocked and quarantined addresses and stations.</summary>
    /// <remarks>
    /// They stand before "established": a reply of a blocked address to a connection from inside is established too, and
    /// would pass behind it. An empty or missed hash lookup costs some 20 ns. The protected sets are asked on a hit only.
    /// </remarks>
    public static IEnumerable<FirewallRule> Offenders(string chain) =>
    [
        Rule(chain, "blocked-mac", "ether saddr @blocked_mac ether saddr != @protected_mac counter name blocked_mac_drops drop",
            "Drops all frames of a blocked station."),
        Rule(chain, "blocked4", "ip saddr @blocked4 ip saddr != @protected4 counter name blocked4_drops drop",
            "Drops all packets from a blocked IPv4 address."),
        Rule(chain, "blocked6", "ip6 saddr @blocked6 ip6 saddr != @protected6 counter name blocked6_drops drop",
            "Drops all packets from a blocked IPv6 address."),
        .. chain == Input ? [Rule(chain, "quarantined-services", $"ether saddr @quarantined_mac jump {DeviceRules.Services}", "A quarantined station keeps its address and answers the gateway.")] : Array.Empty<FirewallRule>(),
        Rule(chain, "quarantined", "ether saddr @quarantined_mac ether saddr != @protected_mac counter name quarantined_mac_drops drop",
            "Drops all else from a quarantined station."),
    ];

    /// <summary>The rules on known connections, and on addresses that are flooded.</summary>
    public static IEnumerable<FirewallRule> Established(string chain) =>
    [
        Rule(chain, "established-tcp", "meta l4proto tcp ct state established,related accept",
            "Connections that stand are never rate-limited."),
        Rule(chain, "replies", "ct direction reply ct state established,related accept",
            "Neither are answers to what the limited address itself began."),
        Rule(chain, "limited4", "ip daddr @limited4 ip daddr != @protected4 counter name limited4_drops drop",
            "Drops what is new towards a limited IPv4 address above its rate; the limit is in the set's element."),
        Rule(chain, "limited6", "ip6 daddr @limited6 ip6 daddr != @protected6 counter name limited6_drops drop",
            "Drops what is new towards a limited IPv6 address above its rate; the limit is in the set's element."),
        Rule(chain, "established", "ct state established,related accept",
            "What belongs to a known connection passes."),
    ];

    private static FirewallRule Rule(string chain, string name, string text, string description) =>
        new($"{chain}-{name}", chain, text, description);
}
