using System.Globalization;

namespace Appliance.Router.Rules.Feeds;

/// <summary>A list of addresses, kept fresh from its source.</summary>
public sealed record Feed(string Id, long Edition, string Name, Uri Source, FeedFormat Format, TimeSpan RefreshInterval)
{
    public bool IsDisabled { get; init; }

    /// <summary>A set for rules to name; nothing is dropped for being in it.</summary>
    public bool IsMatchOnly { get; init; }

    public FeedStatus Status { get; init; } = FeedStatus.New;

    public string Etag => Edition.ToString(CultureInfo.InvariantCulture);

    /// <summary>True when packets from and to its entries are dropped.</summary>
    public bool IsDropping => !IsDisabled && !IsMatchOnly;

    /// <summary>False once the feed reads from elsewhere, or reads it otherwise.</summary>
    public bool HasSourceOf(Feed other) => Source == other.Source && Format == other.Format;

    public FeedState State => this switch
    {
        { IsDisabled: true } => FeedState.None,
        { Status.Failure.Length: > 0 } => FeedState.Stale,
        { Status.FetchTime: null } or { Status.IsOfOtherSource: true } => FeedState.Fetching,
        _ => FeedState.Active,
    };
}
