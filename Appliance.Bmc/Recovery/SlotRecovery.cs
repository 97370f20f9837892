namespace Appliance.Bmc.Recovery;

/// <summary>What recovery has done for a slot, and has to remember over a restart.</summary>
/// <param name="Slot">1 to 4.</param>
internal sealed record SlotRecovery(int Slot)
{
    /// <summary>A day, by which steps are counted.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Steps from here on belong to the illness that is treated now.</summary>
    public DateTimeOffset EpisodeStart { get; init; }

    /// <summary>Of the last day, and of the present illness; oldest first.</summary>
    public IReadOnlyList<RecoveryStep> Steps { get; init; } = [];

    /// <summary>Null for a slot that is not set aside.</summary>
    public QuarantineNote? Quarantine { get; init; }

    public IEnumerable<RecoveryStep> Episode => Steps.Where(step => step.Time >= EpisodeStart);

    /// <summary>The step that may still help; null when there is none.</summary>
    public RecoveryStep? Open => Steps.LastOrDefault(step => step.IsOpen);

    public int StepsSince(DateTimeOffset time) => Steps.Count(step => step.Time > time);

    public SlotRecovery Add(RecoveryStep step) => this with
    {
        Steps = [.. Steps.Where(old => old.Time > step.Time - Day || old.Time >= EpisodeStart), step],
    };

    /// <summary>Notes that the open step has been carried out.</summary>
    public SlotRecovery DoneStep(DateTimeOffset time) => this with
    {
        Steps = [.. Steps.Select(step => step.IsOpen ? step with { DoneTime = time } : step)],
    };

    /// <summary>Ends the open step, if there is one.</summary>
    public SlotRecovery EndStep(DateTimeOffset time, string outcome) => this with
    {
        Steps = [.. Steps.Select(step => step.IsOpen ? step with { EndTime = time, Outcome = outcome } : step)],
    };
}
