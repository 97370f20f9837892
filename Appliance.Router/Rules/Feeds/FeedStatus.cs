namespace Appliance.Router.Rules.Feeds;

/// <summary>What became of a feed's fetches.</summary>
public sealed record FeedStatus
{
    public static readonly FeedStatus New = new();

    /// <summary>Addresses and networks in force, merged.</summary>
    public int Entries { get; init; }

    public int Names { get; init; }

    public int RejectedLines { get; init; }

    /// <summary>When the source last confirmed what is in force.</summary>
    public DateTimeOffset? FetchTime { get; init; }

    /// <summary>Why the last fetch failed; empty when it did not.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Failures one after the other; those of an earlier run count as one.</summary>
    public int FailureCount { get; init; }

    public FeedValidators Validators { get; init; } = FeedValidators.None;

    /// <summary>Of the content that the validators speak of, in hexadecimal.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The content in force is of an earlier source, so its length says nothing about the next one's.</summary>
    public bool IsOfOtherSource { get; init; }

    /// <summary>When to fetch next.</summary>
    public DateTimeOffset NextTime { get; init; }
}
