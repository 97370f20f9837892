using System.Globalization;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>The chains of one rule that people wrote: its lines, and where they lead when it is logged.</summary>
/// <remarks>One chain a rule, so that a packet that several lines match is decided and counted once.</remarks>
internal static class RuleChains
{
    /// <summary>The chain that refuses: a reset for TCP, an ICMP error for all else.</summary>
    public const string Refuse = "refuse";

    /// <summary>The nflog group that logged packets go to.</summary>
    public const int LogGroup = 17;

    /// <summary>What stands before a rule's id in the prefix of a logged packet.</summary>
    public const string LogPrefix = "appliance rule ";

    public static bool IsTranslation(PolicyRule rule) => rule.Action is RuleAction.Masquerade or RuleAction.Forward or RuleAction.SourceNat;

    /// <summary>One that names states of known connections, and so has to stand before they are let through.</summary>
    public static bool IsEarly(PolicyRule rule) => rule.Match.States.Any(state => state != ConnectionState.New);

    public static IEnumerable<KernelChain> Of(PolicyRule rule, TimeSpan offset)
    {
        var chain = Names.OfRule(rule);
        var limit = rule.Match.OverPacketsPerSecond > 0 ? $"limit name \"{Names.OfLimit(rule)}\"" : "";
        var end = rule.IsLogged ? $"goto {Names.OfHit(rule)}" : MatchText.Join(Counter(rule), rule.Action == RuleAction.Audit ? "return" : Verdict(rule));
        yield return new KernelChain(chain, "", [.. MatchText.Lines(rule.Match, offset).Select(line => Line(chain, MatchText.Join(line, limit, end)))]);
        if (rule.IsLogged)
        {
            yield return Hit(rule);
        }

        FirewallRule Line(string inChain, string text) => new(rule.Id, inChain, text, rule.Name);
    }

    /// <summary>The line that logs, within a rate that no flood of matches fills a disk by.</summary>
    public static string Log(PolicyRule rule) => string.Create(
        CultureInfo.InvariantCulture,
        $"limit rate 10/second burst 20 packets log prefix \"{LogPrefix}{rule.Id} \" group {LogGroup}");

    public static string Counter(PolicyRule rule) => $"counter name \"{Names.OfRule(rule)}\"";

    // The end of this chain goes back to the hook's chain: that is all that an audit does.
    private static KernelChain Hit(PolicyRule rule)
    {
        var chain = Names.OfHit(rule);
        var verdict = Verdict(rule);
        string[] lines = verdict.Length > 0 ? [Counter(rule), Log(rule), verdict] : [Counter(rule), Log(rule)];
        return new KernelChain(chain, "", [.. lines.Select(text => new FirewallRule(rule.Id, chain, text, rule.Name))]);
    }

    private static string Verdict(PolicyRule rule) => rule.Action switch
    {
        RuleAction.Accept => "accept",
        RuleAction.Drop => "drop",
        RuleAction.Reject => $"goto {Refuse}",
        _ => "",
    };
}
