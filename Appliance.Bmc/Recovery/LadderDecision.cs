namespace Appliance.Bmc.Recovery;

/// <summary>What is to be done about a slot, and why, in words.</summary>
internal sealed record LadderDecision(LadderMove Move, string Text)
{
    /// <summary>Which step, where the move is one.</summary>
    public Rung Rung { get; init; }
}
