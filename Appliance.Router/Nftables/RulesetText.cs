using System.Globalization;
using System.Text;
using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables;

/// <summary>Renders the whole ruleset as one script, which nft applies as one transaction.</summary>
internal static class RulesetText
{
    public static string Render(FirewallState state, DateTimeOffset now) => Render(state, now, KernelFeatures.Least);

    /// <summary>Declares, deletes and makes the table anew, filled.</summary>
    /// <param name="state">What should be in force.</param>
    /// <param name="now">Blocks that end by then are left out; its offset is that of the time zone that rules' times are meant in.</param>
    /// <param name="features">What the kernel can do.</param>
    /// <remarks>
    /// If this process dies while it writes, nft reads a cut script. A pipe takes the first 64 KiB whole, so a cut
    /// falls inside the one table block that ends the script; nft refuses an open block, and the old rules stay.
    /// </remarks>
    public static string Render(FirewallState state, DateTimeOffset now, KernelFeatures features)
    {
        var text = new StringBuilder(8192);
        text.Append(CultureInfo.InvariantCulture, $"table inet {BaseRuleset.Table}\ndelete table inet {BaseRuleset.Table}\ntable inet {BaseRuleset.Table} {{\n");
        foreach (var counter in BaseRuleset.Counters)
        {
            AppendCounter(text, counter);
        }

        foreach (var set in BaseRuleset.BlockSets)
        {
            AppendBlockSet(text, set, state.Blocks, now);
        }

        AppendProtectedSet(text, "protected4", TargetKind.Address4, state.Protected);
        AppendProtectedSet(text, "protected6", TargetKind.Address6, state.Protected);
        AppendProtectedSet(text, "protected_mac", TargetKind.Mac, state.Protected);
        foreach (var set in DeviceRules.Sets)
        {
            AppendSet(text, set.Name, "type ether_addr", state.Devices.Where(device => DeviceRules.SetOf(device.Limit) == set).Select(device => device.Station.ToString()).Distinct());
        }

        if (state.Policy.Zones.Count > 0)
        {
            AppendPolicyObjects(text, state, new HookChains(state.Policy, features).HasFlowtable);
        }

        foreach (var chain in RulesetChains.Of(state, features, now.Offset))
        {
            AppendChain(text, chain);
        }

        return text.Append("}\n").ToString();
    }

    private static void AppendPolicyObjects(StringBuilder text, FirewallState state, bool hasFlowtable)
    {
        var policy = state.Policy;
        string[] counters =
        [
            GuardRules.Spoofed, GuardRules.Bogons, GuardRules.Floods, HookChains.Invalid, HookChains.Unmatched, HookChains.Crowded,
            .. policy.InOrder.Select(Names.OfRule),
        ];
        foreach (var counter in counters)
        {
            AppendCounter(text, counter);
        }

        foreach (var rule in policy.InOrder.Where(rule => rule.Match.OverPacketsPerSecond > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"  limit {Names.OfLimit(rule)} {{\n    rate over {rule.Match.OverPacketsPerSecond}/second burst {ElementCodec.Burst(rule.Match.OverPacketsPerSecond)} packets\n  }}\n\n");
        }

        foreach (var zone in policy.Zones)
        {
            AppendInterfaces(text, Names.OfZone(zone.Name), [zone]);
        }

        AppendInterfaces(text, Names.Outside, policy.Zones.Where(zone => zone.IsOutside));
        AppendInterfaces(text, Names.Management, policy.Zones.Where(zone => zone.IsManagement));
        AppendInterfaces(text, Names.Served, policy.Zones.Where(zone => zone.IsServed));
        AppendMeters(text, policy.Protections);
        AppendAddressSets(text, state);
        if (hasFlowtable)
        {
            var devices = string.Join(", ", policy.Zones.SelectMany(zone => zone.Interfaces).Select(Names.OfInterface));
            // Without the counter conntrack's byte counts freeze for what is offloaded (openwrt/openwrt#10399).
            text.Append(CultureInfo.InvariantCulture, $"  flowtable {HookChains.Flowtable} {{\n    hook ingress priority filter\n    devices = {{ {devices} }}\n    counter\n  }}\n\n");
        }
    }

    private static void AppendMeters(StringBuilder text, Protections protections)
    {
        if (protections.NewTcpPerSecond > 0)
        {
            // A source that is silent for a minute has its tokens back anyway.
            text.Append("  set new_tcp4 {\n    type ipv4_addr\n    size 65535\n    flags dynamic,timeout\n    timeout 1m\n  }\n\n");
            text.Append("  set new_tcp6 {\n    type ipv6_addr\n    size 65535\n    flags dynamic,timeout\n    timeout 1m\n  }\n\n");
        }

        if (protections.ConnectionsPerDevice > 0)
        {
            text.Append("  set connections_mac {\n    type ether_addr\n    size 65535\n    flags dynamic\n  }\n\n");
        }
    }

    private static void AppendAddressSets(StringBuilder text, FirewallState state)
    {
        var named = state.Policy.InOrder.SelectMany(rule => rule.Match.SourceFeeds.Concat(rule.Match.DestinationFeeds)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var id in named)
        {
            // One that has not been fetched yet matches nothing.
            var networks = state.AddressSets.FirstOrDefault(set => set.Id == id)?.Networks ?? [];
            AppendSet(text, Names.OfAddressSet(id, isVersion6: false), "type ipv4_addr\n    flags interval", Networks(networks, TargetKind.Address4));
            AppendSet(text, Names.OfAddressSet(id, isVersion6: true), "type ipv6_addr\n    flags interval", Networks(networks, TargetKind.Address6));
        }
    }

    private static IEnumerable<string> Networks(IReadOnlyList<TargetRange> networks, TargetKind kind) => networks.Where(range => range.Kind == kind).Select(range => range.ToString());

    private static void AppendInterfaces(StringBuilder text, string name, IEnumerable<Zone> zones) =>
        AppendSet(text, name, "type ifname", zones.SelectMany(zone => zone.Interfaces).Distinct().Select(Names.OfInterface));

    private static void AppendCounter(StringBuilder text, string name) => text.Append(CultureInfo.InvariantCulture, $"  counter {name} {{\n  }}\n\n");

    private static void AppendBlockSet(StringBuilder text, SetName set, IReadOnlyList<Block> blocks, DateTimeOffset now)
    {
        // An element that names no rate has this one; without it, it would drop everything.
        var limit = IsLimit(set) ? $"\n    {Limit(BaseRuleset.DefaultPacketsPerSecond)}" : "";
        AppendSet(text, set.Name, $"type {TypeName(set.Kind)}\n    flags timeout{limit}", blocks
            .Where(block => !block.IsDryRun && block.ExpireTime > now && BaseRuleset.SetOf(block) == set)
            .Select(block => Element(block, now)));
    }

    // Merged here: for a set that merges by itself nft 1.0.6 first reads every set of the table, and address sets may be large.
    private static void AppendProtectedSet(StringBuilder text, string name, TargetKind kind, IReadOnlyList<TargetRange> ranges) => AppendSet(
        text,
        name,
        kind == TargetKind.Mac ? "type ether_addr" : $"type {TypeName(kind)}\n    flags interval",
        AddressUnion.Of(ranges.Where(range => range.Kind == kind)).Select(range => range.ToString()));

    private static void AppendSet(StringBuilder text, string name, string properties, IEnumerable<string> elements)
    {
        text.Append(CultureInfo.InvariantCulture, $"  set {name} {{\n    {properties}\n");
        var separator = "    elements = { ";
        foreach (var element in elements)
        {
            text.Append(separator).Append(element);
            separator = ",\n      ";
        }

        text.Append(separator[0] == ',' ? " }\n  }\n\n" : "  }\n\n");
    }

    private static void AppendChain(StringBuilder text, KernelChain chain)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain {chain.Name} {{\n");
        if (chain.Hook.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {chain.Hook}\n");
        }

        foreach (var rule in chain.Rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {rule.Text}\n");
        }

        text.Append("  }\n\n");
    }

    private static string Element(Block block, DateTimeOffset now)
    {
        var milliseconds = (long)Math.Ceiling((block.ExpireTime - now).TotalMilliseconds);
        var limit = block.Action == BlockAction.RateLimit ? Limit(block.PacketsPerSecond) + " " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{block.Target} {limit}timeout {milliseconds}ms");
    }

    private static string Limit(int packetsPerSecond) => string.Create(
        CultureInfo.InvariantCulture,
        $"limit rate over {packetsPerSecond}/second burst {ElementCodec.Burst(packetsPerSecond)} packets");

    private static bool IsLimit(SetName set) => set == BaseRuleset.Limited4 || set == BaseRuleset.Limited6;

    private static string TypeName(TargetKind kind) => kind switch
    {
        TargetKind.Address4 => "ipv4_addr",
        TargetKind.Address6 => "ipv6_addr",
        _ => "ether_addr",
    };
}
