namespace Appliance.Bmc.Flashing;

/// <summary>One slot of a flash.</summary>
/// <param name="Number">1 to 4.</param>
/// <param name="State">Preparing until its turn comes.</param>
internal sealed record SlotFlash(int Number, FlashState State)
{
    /// <summary>The node that the node file makes of it; empty where the image is written as it is.</summary>
    public string Node { get; init; } = "";

    public string Failure { get; init; } = "";

    /// <summary>How often writing was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>What showed that it runs the image.</summary>
    public string Proof { get; init; } = "";

    public DateTimeOffset? EndTime { get; init; }

    /// <summary>How it was left.</summary>
    public bool Powered { get; init; }

    /// <summary>Whether the board said on before the first attempt; null before that, or where it did not say.</summary>
    public bool? WasOn { get; init; }

    /// <summary>True once its flash may have been written to: what was there before is gone then.</summary>
    public bool Touched { get; init; }

    /// <summary>The board's name for the last transfer that was begun for it; by that a later life of this program knows it again.</summary>
    public uint? Handle { get; init; }

    /// <summary>When its node had started, by the node's own clock, before the first attempt.</summary>
    public DateTimeOffset? NodeStart { get; init; }

    /// <summary>The end of what its console had printed before it was powered on, by which a later life of this program finds that place.</summary>
    public string ConsoleMark { get; init; } = "";

    /// <summary>Requests of its node that an admin has to answer.</summary>
    public IReadOnlyList<SlotRequest> Requests { get; init; } = [];

    /// <summary>Where it stood when it failed; null where it did not.</summary>
    public FlashState? FailedIn { get; init; }

    /// <summary>True once it was written, read back and begun to be powered on.</summary>
    public bool IsWritten => State is FlashState.Restarting or FlashState.Proving or FlashState.Enrolling or FlashState.Starting;

    /// <summary>True for a node file whose token is used up once the node is there: it may be kept for a reflash. A router's holds the authority's key.</summary>
    public bool KeepsNodeFile { get; init; }

    /// <summary>Until it is written and read back, its node file has to be kept; until the slot is proven, one that is to be kept then.</summary>
    public bool NeedsNodeFile => Node.Length > 0 && !HasEnded && (KeepsNodeFile || !IsWritten);

    public bool HasEnded => State is FlashState.Succeeded or FlashState.Failed or FlashState.Cancelled;
}
