namespace Appliance.Bmc.Slots;

/// <summary>What a node said of itself when it was asked.</summary>
/// <param name="Failure">What kept it from answering; empty when it answered.</param>
/// <param name="Answers">True when a role of the node answered over mutual TLS.</param>
/// <param name="Pings">True when its network stack answered an echo; null where that cannot be asked.</param>
/// <param name="Version">Version of the program, or of the image where the node tells one.</param>
/// <param name="FailedParts">Parts of the role that say they failed.</param>
/// <param name="CommitPending">A change waits for its confirmation, as of a ruleset.</param>
internal sealed record NodeReading(
    bool Answers,
    bool? Pings,
    string Version,
    IReadOnlyList<string> FailedParts,
    bool CommitPending,
    string Failure)
{
    /// <summary>When the role that answered began, by the node's clock; null while none answers.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When that change goes back by itself, by the node's clock; null without one.</summary>
    public DateTimeOffset? CommitDeadline { get; init; }

    public static NodeReading Silent(string failure) => new(Answers: false, Pings: null, "", [], CommitPending: false, failure);
}
