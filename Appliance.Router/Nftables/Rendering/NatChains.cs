using System.Globalization;
using System.Net;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>Address translation, for IPv4 alone. Chains of type nat see the first packet of each connection.</summary>
internal static class NatChains
{
    private const string Before = "nat_prerouting";
    private const string After = "nat_postrouting";

    // An address of ours that the packet did not come in on: that of the way to the internet, seen from inside.
    private const string OwnElsewhere = "fib daddr type local fib daddr . iif type != local";

    public static IEnumerable<KernelChain> Of(FirewallPolicy policy, TimeSpan offset)
    {
        var forwards = policy.InOrder.Where(rule => rule.Action == RuleAction.Forward).ToList();
        var sources = policy.InOrder.Where(rule => rule.Action is RuleAction.Masquerade or RuleAction.SourceNat).ToList();
        IEnumerable<FirewallRule> hairpins = forwards.Count > 0 ? policy.Zones.Where(zone => !zone.IsOutside).Select(Hairpin) : [];

        // Both stand even when nothing is to be translated: without a chain on the hook the kernel ceases to translate connections that an earlier policy turned.
        yield return new KernelChain(Before, "type nat hook prerouting priority dstnat; policy accept;", [.. forwards.SelectMany(rule => Forward(rule, policy, offset))]);
        yield return new KernelChain(After, "type nat hook postrouting priority srcnat; policy accept;", [.. hairpins, .. sources.SelectMany(rule => Source(rule, offset))]);
    }

    /// <summary>The lines of the forward hook by which connections pass that a port forward has turned.</summary>
    public static IEnumerable<FirewallRule> Passing(PolicyRule rule, FirewallPolicy policy)
    {
        var to = rule.ForwardTo ?? new IPEndPoint(IPAddress.None, 0);
        var port = to.Port == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{MatchText.Ported(rule.Match)} th dport {to.Port}");
        var turned = MatchText.Join($"ct status dnat ip daddr {to.Address}", port);
        return Entries(rule, policy).Select(entry => new FirewallRule(rule.Id, "forward", MatchText.Join(entry, turned, "accept"), rule.Name));
    }

    private static IEnumerable<FirewallRule> Forward(PolicyRule rule, FirewallPolicy policy, TimeSpan offset)
    {
        var to = rule.ForwardTo ?? new IPEndPoint(IPAddress.None, 0);
        var target = to.Port == 0 ? $"{to.Address}" : string.Create(CultureInfo.InvariantCulture, $"{to.Address}:{to.Port}");
        // A port can be given to TCP and UDP alone; a match that names ports says so itself.
        var needsProtocol = to.Port > 0 && rule.Match.DestinationPorts.Count + rule.Match.SourcePorts.Count + rule.Match.Protocols.Count == 0;
        var matches = MatchText.Lines4(rule.Match, offset).Select(line => MatchText.Join(needsProtocol ? MatchText.Ported(rule.Match) : "", line)).ToList();
        var isAddressed = rule.Match.DestinationNetworks.Count > 0;
        foreach (var match in matches)
        {
            foreach (var entry in MatchText.Zones("iifname", rule.Match.SourceZones))
            {
                yield return Line(entry, isAddressed ? "" : "fib daddr type local", match);
            }

            // Those inside who use the outer name or address land at the same place.
            foreach (var zone in Inside(rule, policy))
            {
                yield return Line($"iifname @{Names.OfZone(zone)}", isAddressed ? "" : OwnElsewhere, match);
            }
        }

        FirewallRule Line(string entry, string destination, string match) => new(
            rule.Id,
            Before,
            MatchText.Join("meta nfproto ipv4", entry, destination, match, RuleChains.Counter(rule), rule.IsLogged ? LogAll(rule) : "", $"dnat ip to {target}"),
            rule.Name);
    }

    private static IEnumerable<FirewallRule> Source(PolicyRule rule, TimeSpan offset) =>
        from entry in MatchText.Zones("iifname", rule.Match.SourceZones)
        from exit in MatchText.Zones("oifname", rule.Match.DestinationZones)
        from line in MatchText.Lines4(rule.Match, offset)
        let verdict = rule.Action == RuleAction.Masquerade ? "masquerade" : $"snat ip to {rule.TranslateTo}"
        select new FirewallRule(
            rule.Id,
            After,
            MatchText.Join("meta nfproto ipv4", entry, exit, line, RuleChains.Counter(rule), rule.IsLogged ? LogAll(rule) : "", verdict),
            rule.Name);

    // Without it the target would answer the asker past the gateway, from an address that he did not ask.
    private static FirewallRule Hairpin(Zone zone) => new(
        $"hairpin-{zone.Name}",
        After,
        $"ct status dnat iifname @{Names.OfZone(zone.Name)} oifname @{Names.OfZone(zone.Name)} masquerade",
        "What was turned back into the zone that it came from answers through the gateway.");

    private static IEnumerable<string> Entries(PolicyRule rule, FirewallPolicy policy) =>
        MatchText.Zones("iifname", rule.Match.SourceZones).Concat(Inside(rule, policy).Select(zone => $"iifname @{Names.OfZone(zone)}"));

    private static IEnumerable<string> Inside(PolicyRule rule, FirewallPolicy policy) => rule.Match.SourceZones.Count == 0
        ? []
        : policy.Zones.Where(zone => !zone.IsOutside && !rule.Match.SourceZones.Contains(zone.Name)).Select(zone => zone.Name);

    // A chain of type nat sees a connection once, so nothing floods the log.
    private static string LogAll(PolicyRule rule) => $"log prefix \"{RuleChains.LogPrefix}{rule.Id} \" group {RuleChains.LogGroup}";
}
