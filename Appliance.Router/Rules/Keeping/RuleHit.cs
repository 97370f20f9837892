namespace Appliance.Router.Rules.Keeping;

/// <summary>What a rule has matched since it was last changed; the time is that of the reading that found more than the one before, and null for a rule that has matched nothing.</summary>
public readonly record struct RuleHit(long Packets, long Bytes, DateTimeOffset? LastHitTime);
