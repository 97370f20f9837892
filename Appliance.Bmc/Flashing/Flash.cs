namespace Appliance.Bmc.Flashing;

/// <summary>One job over one or several slots, as it stands.</summary>
internal sealed record Flash(string Id, string RequestId, string Caller, string ImageId, DateTimeOffset StartTime, IReadOnlyList<SlotFlash> Results)
{
    public bool ContinueAfterFailure { get; init; }

    public string ProofText { get; init; } = "";

    public FlashState State { get; init; }

    /// <summary>The slot in work, or the last one that was.</summary>
    public int Slot { get; init; }

    public long WrittenBytes { get; init; }

    public long VerifiedBytes { get; init; }

    public long TotalBytes { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public string Failure { get; init; } = "";

    /// <summary>The last thing worth telling.</summary>
    public string Note { get; init; } = "";

    public bool HasEnded => State is FlashState.Succeeded or FlashState.Failed or FlashState.Cancelled;

    public SlotFlash Of(int slot) => Results.Single(result => result.Number == slot);

    /// <summary>With another result for that slot.</summary>
    public Flash With(SlotFlash changed) => this with { Results = [.. Results.Select(result => result.Number == changed.Number ? changed : result)] };

    /// <summary>With the slot in work, and so the whole, in that state.</summary>
    public Flash At(FlashState state) => With(Of(Slot) with { State = state }) with { State = state };
}
