namespace Appliance.Router.Rules.Changes;

/// <summary>A ruleset that awaits its confirmation, and since when it does, on a clock that nobody sets.</summary>
internal sealed record PendingRuleset(Ruleset Ruleset, long InForceSince, TimeSpan Rest)
{
    public static PendingRuleset Begin(Ruleset ruleset, TimeProvider clock)
    {
        var (rest, whole) = (ruleset.Deadline - clock.GetUtcNow(), ruleset.Deadline - ruleset.ApplyTime);
        // A wall clock that went back must not make the wait longer than it was meant to be.
        return new PendingRuleset(ruleset, clock.GetTimestamp(), rest > whole ? whole : rest);
    }

    /// <summary>The firewall may hold it or not, so it is to be taken back at once.</summary>
    public bool IsDoubtful { get; init; }

    /// <summary>By the wall clock, which is what the disk has, or by the time that has passed.</summary>
    public bool IsDue(TimeProvider clock) => IsDoubtful || clock.GetUtcNow() >= Ruleset.Deadline || clock.GetElapsedTime(InForceSince) >= Rest;

    public TimeSpan TimeToDue(TimeProvider clock)
    {
        var rest = Rest - clock.GetElapsedTime(InForceSince);
        return IsDoubtful || rest < TimeSpan.Zero ? TimeSpan.Zero : rest;
    }
}
