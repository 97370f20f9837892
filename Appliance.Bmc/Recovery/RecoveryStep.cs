namespace Appliance.Bmc.Recovery;

/// <summary>A step that was taken, and what came of it.</summary>
/// <param name="Time">When it was begun.</param>
/// <param name="Rung">Which.</param>
/// <param name="Evidence">What was seen of the slot then.</param>
internal sealed record RecoveryStep(DateTimeOffset Time, Rung Rung, string Evidence)
{
    /// <summary>When it had been carried out: from then on it has its time to help. Null while it is under way, or when this role ended meanwhile.</summary>
    public DateTimeOffset? DoneTime { get; init; }

    /// <summary>Null while it may still help.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>In words; empty while it may still help.</summary>
    public string Outcome { get; init; } = "";

    public bool IsOpen => EndTime is null;
}
