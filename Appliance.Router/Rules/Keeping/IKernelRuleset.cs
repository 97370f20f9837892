namespace Appliance.Router.Rules.Keeping;

/// <summary>What the kernel has of the ruleset, and who else has changed it.</summary>
internal interface IKernelRuleset
{
    /// <summary>Waits until somebody else has changed our table, or until the time is over.</summary>
    Task WaitAsync(TimeSpan patience, CancellationToken token);

    /// <summary>Foreign changes heard of since it was last asked.</summary>
    IReadOnlyList<ForeignChange> TakeChanges();

    /// <summary>Compares what the kernel has with what the last apply left, and with the blocks that should stand.</summary>
    Task<RulesetLook> LookAsync(IReadOnlyList<Block> blocks, IReadOnlyList<ForeignChange> changes, CancellationToken token);

    /// <summary>Takes elements out that belong to nobody.</summary>
    void TakeOut(IReadOnlyList<StrayElement> strays);

    /// <summary>What each rule that people wrote has counted since it was last changed.</summary>
    IReadOnlyList<RuleCount> ReadRules();
}
