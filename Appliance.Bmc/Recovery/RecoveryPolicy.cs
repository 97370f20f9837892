namespace Appliance.Bmc.Recovery;

/// <summary>How far the ladder may go, for every slot.</summary>
internal sealed record RecoveryPolicy
{
    public const int DefaultDailySteps = 6;
    public const int MaxDailySteps = 48;

    /// <summary>A power cycle loses what a hung node has not written; a reflash loses all that is on it, so it waits to be allowed.</summary>
    public static RecoveryPolicy Default { get; } = new() { PowerCycleAllowed = true };

    public bool Disabled { get; init; }

    /// <summary>Steps a slot in 24 hours before it is set aside.</summary>
    public int DailySteps { get; init; } = DefaultDailySteps;

    public bool PowerCycleAllowed { get; init; }

    public bool ReflashAllowed { get; init; }

    public IReadOnlyList<int> ExcludedSlots { get; init; } = [];
}
