using System.Globalization;
using System.Text;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Renders the whole ruleset as one script, which nft applies as one transaction.</summary>
internal static class RulesetText
{
    /// <summary>Declares, deletes and makes the table anew, filled.</summary>
    /// <remarks>
    /// If this process dies while it writes, nft reads a cut script. A pipe takes the first 64 KiB whole, so a cut
    /// falls inside the one table block that ends the script; nft refuses an open block, and the old rules stay.
    /// </remarks>
    public static string Render(FirewallState state, DateTimeOffset now)
    {
        var text = new StringBuilder(4096);
        text.Append(CultureInfo.InvariantCulture, $"table inet {BaseRuleset.Table}\ndelete table inet {BaseRuleset.Table}\ntable inet {BaseRuleset.Table} {{\n");
        foreach (var counter in BaseRuleset.Counters)
        {
            text.Append(CultureInfo.InvariantCulture, $"  counter {counter} {{\n  }}\n\n");
        }

        foreach (var set in BaseRuleset.BlockSets)
        {
            AppendBlockSet(text, set, state.Blocks, now);
        }

        AppendProtectedSet(text, "protected4", TargetKind.Address4, state.Protected);
        AppendProtectedSet(text, "protected6", TargetKind.Address6, state.Protected);
        AppendProtectedSet(text, "protected_mac", TargetKind.Mac, state.Protected);
        foreach (var chain in BaseRuleset.Chains)
        {
            AppendChain(text, chain);
        }

        return text.Append("}\n").ToString();
    }

    private static void AppendBlockSet(StringBuilder text, SetName set, IReadOnlyList<Block> blocks, DateTimeOffset now)
    {
        text.Append(CultureInfo.InvariantCulture, $"  set {set.Name} {{\n    type {TypeName(set.Kind)}\n    flags timeout\n");
        if (IsLimit(set))
        {
            // An element that names no rate has this one; without it, it would drop everything.
            text.Append(CultureInfo.InvariantCulture, $"    {Limit(BaseRuleset.DefaultPacketsPerSecond)}\n");
        }

        AppendElements(text, blocks
            .Where(block => !block.IsDryRun && block.ExpireTime > now && BaseRuleset.SetOf(block) == set)
            .Select(block => Element(block, now)));
        text.Append("  }\n\n");
    }

    private static void AppendProtectedSet(StringBuilder text, string name, TargetKind kind, IReadOnlyList<TargetRange> ranges)
    {
        text.Append(CultureInfo.InvariantCulture, $"  set {name} {{\n    type {TypeName(kind)}\n");
        if (kind != TargetKind.Mac)
        {
            text.Append("    flags interval\n    auto-merge\n");
        }

        AppendElements(text, ranges.Where(range => range.Kind == kind).Select(range => range.ToString()).Distinct());
        text.Append("  }\n\n");
    }

    private static void AppendElements(StringBuilder text, IEnumerable<string> elements)
    {
        var separator = "    elements = { ";
        foreach (var element in elements)
        {
            text.Append(separator).Append(element);
            separator = ",\n      ";
        }

        if (separator[0] == ',')
        {
            text.Append(" }\n");
        }
    }

    private static void AppendChain(StringBuilder text, string chain)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain {chain} {{\n    type filter hook {chain} priority filter; policy accept;\n");
        foreach (var rule in BaseRuleset.Rules.Where(rule => rule.Chain == chain))
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
