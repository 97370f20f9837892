namespace Appliance.Router.Rules.Keeping;

/// <summary>What the rules that people wrote have matched, as of the last reading.</summary>
internal sealed class RuleHits(IKernelRuleset kernel, TimeProvider clock)
{
    private volatile Dictionary<string, RuleHit> _hits = new(StringComparer.Ordinal);

    /// <summary>Nothing for a rule that is not in force.</summary>
    public RuleHit Find(string ruleId) => _hits.GetValueOrDefault(ruleId);

    /// <summary>Reads the kernel's counters; called by one at a time.</summary>
    public void Sample()
    {
        var now = clock.GetUtcNow();
        var before = _hits;
        _hits = kernel.ReadRules().ToDictionary(
            count => count.RuleId,
            count => new RuleHit(count.Packets, count.Bytes, LastHit(count, before.GetValueOrDefault(count.RuleId), now)),
            StringComparer.Ordinal);
    }

    // Fewer than before: the rule was changed, and all that it has counted is new.
    private static DateTimeOffset? LastHit(RuleCount count, RuleHit before, DateTimeOffset now) => count.Packets switch
    {
        0 => null,
        _ when count.Packets != before.Packets => now,
        _ => before.LastHitTime,
    };
}
