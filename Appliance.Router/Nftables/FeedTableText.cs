using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;

namespace Appliance.Router.Nftables;

/// <summary>The scripts that make and change the table of feeds, each applied by nft as one transaction.</summary>
/// <remarks>
/// The table is not the ruleset's: to change anything in a table with large interval sets, nft 1.0.6 first reads them all.
/// Nothing large stands outside the block that ends a script, so a script that is cut (<see cref="RulesetText"/>) changes nothing.
/// </remarks>
internal static class FeedTableText
{
    public const string Table = "appliance_feeds";

    private const string Prefix = "feed_";

    private static readonly string[] Hooks = ["input", "forward", "output"];

    /// <summary>The table anew, filled.</summary>
    public static async Task WriteWholeAsync(FeedTableScript script, IReadOnlyList<FeedLoad> feeds, IReadOnlyList<TargetRange> protectedRanges)
    {
        script.Append($"table inet {Table}\ndelete table inet {Table}\ntable inet {Table} {{\n");
        AppendProtected(script, protectedRanges);
        foreach (var feed in feeds)
        {
            var addresses = feed.Open();
            var sets = Sets(feed.FeedId, FeedPlace.First);
            script.Append($"  counter {NameOf(feed.FeedId)} {{\n  }}\n");
            AppendRules(script, feed.FeedId, sets.Where(set => set.CountIn(addresses) > 0));
            await WriteSetsAsync(script, sets, addresses);
        }

        AppendHooks(script, feeds.Select(feed => feed.FeedId));
        script.Append("}\n");
        await script.FlushAsync();
    }

    /// <summary>The first half of a replacement: what the feed holds from now on, beside what it held until now.</summary>
    /// <remarks>
    /// One transaction would not do: while Linux 6.18 commits one, an address that moves from the hosts to a network, or back, is for
    /// some milliseconds in neither set, and hundreds of packets were seen to pass.
    /// </remarks>
    public static async Task WriteAdditionAsync(FeedTableScript script, FeedPlace place, FeedAddresses addresses, IReadOnlyList<TargetRange> protectedRanges)
    {
        Declare(script, place);
        AppendFlushes(script, "chain", [.. Hooks, NameOf(place.FeedId)]);
        AppendFlushes(script, "set", ["protected4", "protected6", .. Sets(place.FeedId, place.Next).Select(set => set.Name)]);
        script.Append($"table inet {Table} {{\n");
        AppendProtected(script, protectedRanges);
        AppendHooks(script, place.Others.Append(place.FeedId));
        AppendRules(script, place.FeedId, [.. Sets(place.FeedId, place.Next).Where(set => set.CountIn(addresses) > 0), .. place.IsHeld ? Sets(place.FeedId, place.Now) : []]);
        await WriteSetsAsync(script, Sets(place.FeedId, place.Next), addresses);
        script.Append("}\n");
        await script.FlushAsync();
    }

    /// <summary>The second half of a replacement: without what the feed held before.</summary>
    public static async Task WriteSubtractionAsync(FeedTableScript script, FeedPlace place, FeedAddresses addresses)
    {
        Declare(script, place);
        AppendFlushes(script, "chain", [NameOf(place.FeedId)]);
        AppendDeletions(script, "set", Sets(place.FeedId, place.Now).Select(set => set.Name));
        script.Append($"table inet {Table} {{\n");
        // A set that holds nothing is not asked.
        AppendRules(script, place.FeedId, Sets(place.FeedId, place.Next).Where(set => set.CountIn(addresses) > 0));
        script.Append("}\n");
        await script.FlushAsync();
    }

    /// <summary>The table without one feed.</summary>
    public static async Task WriteRemovalAsync(FeedTableScript script, FeedPlace place)
    {
        Declare(script, place);
        AppendFlushes(script, "chain", [.. Hooks, NameOf(place.FeedId)]);
        AppendDeletions(script, "chain", [NameOf(place.FeedId)]);
        AppendDeletions(script, "set", Sets(place.FeedId, place.Now).Concat(Sets(place.FeedId, place.Next)).Select(set => set.Name));
        AppendDeletions(script, "counter", [NameOf(place.FeedId)]);
        script.Append($"table inet {Table} {{\n");
        AppendHooks(script, place.Others);
        script.Append("}\n");
        await script.FlushAsync();
    }

    public static Task WriteProtectionAsync(FeedTableScript script, IReadOnlyList<TargetRange> protectedRanges)
    {
        script.Append($"table inet {Table} {{\n");
        AppendProtected(script, []);
        script.Append("}\n");
        AppendFlushes(script, "set", ["protected4", "protected6"]);
        script.Append($"table inet {Table} {{\n");
        AppendProtected(script, protectedRanges);
        script.Append("}\n");
        return script.FlushAsync();
    }

    /// <summary>The feed that a counter counts for; null for a counter of another kind.</summary>
    public static string? FeedOf(string counter) => counter.StartsWith(Prefix, StringComparison.Ordinal) ? counter[Prefix.Length..] : null;

    private static string NameOf(string feedId) => Prefix + feedId;

    private static FeedSet[] Sets(string feedId, int generation) =>
    [
        new($"{NameOf(feedId)}_hosts4_{generation}", TargetKind.Address4, IsInterval: false),
        new($"{NameOf(feedId)}_nets4_{generation}", TargetKind.Address4, IsInterval: true),
        new($"{NameOf(feedId)}_hosts6_{generation}", TargetKind.Address6, IsInterval: false),
        new($"{NameOf(feedId)}_nets6_{generation}", TargetKind.Address6, IsInterval: true),
    ];

    // What is declared can be flushed and deleted, whether it was there before or not.
    private static void Declare(FeedTableScript script, FeedPlace place)
    {
        script.Append($"table inet {Table} {{\n  counter {NameOf(place.FeedId)} {{\n  }}\n");
        AppendProtected(script, []);
        AppendHooks(script, []);
        foreach (var id in place.Others.Append(place.FeedId))
        {
            script.Append($"  chain {NameOf(id)} {{\n  }}\n");
        }

        foreach (var set in Sets(place.FeedId, place.Now).Concat(Sets(place.FeedId, place.Next)))
        {
            BeginSet(script, set);
            script.Append("  }\n");
        }

        script.Append("}\n");
    }

    private static async Task WriteSetsAsync(FeedTableScript script, FeedSet[] sets, FeedAddresses addresses)
    {
        foreach (var set in sets)
        {
            BeginSet(script, set);
            if (set.CountIn(addresses) > 0)
            {
                var family = set.FamilyIn(addresses);
                script.Append("    elements = {");
                await (set.IsInterval ? script.AppendSpansAsync(set.Kind, family.Networks) : script.AppendAddressesAsync(set.Kind, family.Hosts));
                script.Append(" }\n");
            }

            script.Append("  }\n");
        }
    }

    // No kernel timeout: one late refresh would free all entries in the same second.
    private static void BeginSet(FeedTableScript script, FeedSet set) =>
        script.Append($"  set {set.Name} {{\n    type {TypeName(set.Kind)}\n{(set.IsInterval ? "    flags interval\n" : "")}");

    private static void AppendRules(FeedTableScript script, string feedId, IEnumerable<FeedSet> sets)
    {
        script.Append($"  chain {NameOf(feedId)} {{\n");
        foreach (var set in sets)
        {
            AppendRule(script, feedId, set, "saddr");
            AppendRule(script, feedId, set, "daddr");
        }

        script.Append("  }\n");
    }

    // The protected sets are asked on a hit only, and about the address that hit: what comes from an entry is dropped, whoever it is for.
    private static void AppendRule(FeedTableScript script, string feedId, FeedSet set, string side)
    {
        var (family, digit) = set.Kind == TargetKind.Address4 ? ("ip", '4') : ("ip6", '6');
        script.Append($"    {family} {side} @{set.Name} {family} {side} != @protected{digit} counter name {NameOf(feedId)} drop\n");
    }

    // Merged here: for a set with auto-merge, nft reads all elements of the table first, those of every feed among them.
    private static void AppendProtected(FeedTableScript script, IReadOnlyList<TargetRange> ranges)
    {
        foreach (var (name, kind) in new[] { ("protected4", TargetKind.Address4), ("protected6", TargetKind.Address6) })
        {
            script.Append($"  set {name} {{\n    type {TypeName(kind)}\n    flags interval\n");
            var merged = FamilyAddresses.Merge([], [.. ranges.Where(range => range.Kind == kind).Select(ReservedNetworks.ToSpan)]);
            if (merged.Count > 0)
            {
                script.Append("    elements = {");
                script.AppendSpans(kind, merged.Networks);
                script.Append(" }\n");
            }

            script.Append("  }\n");
        }
    }

    private static void AppendHooks(FeedTableScript script, IEnumerable<string> feedIds)
    {
        var jumps = string.Concat(feedIds.Select(id => $"    jump {NameOf(id)}\n"));
        foreach (var hook in Hooks)
        {
            script.Append($"  chain {hook} {{\n    type filter hook {hook} priority filter - 10; policy accept;\n{jumps}  }}\n");
        }
    }

    private static void AppendFlushes(FeedTableScript script, string kind, IEnumerable<string> names) => AppendCommands(script, "flush", kind, names);

    private static void AppendDeletions(FeedTableScript script, string kind, IEnumerable<string> names) => AppendCommands(script, "delete", kind, names);

    private static void AppendCommands(FeedTableScript script, string verb, string kind, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            script.Append($"{verb} {kind} inet {Table} {name}\n");
        }
    }

    private static string TypeName(TargetKind kind) => kind == TargetKind.Address4 ? "ipv4_addr" : "ipv6_addr";
}
