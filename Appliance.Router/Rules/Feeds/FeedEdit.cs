namespace Appliance.Router.Rules.Feeds;

/// <summary>What somebody wants a feed to be; null stays as it is, and an empty etag asks for no check.</summary>
internal sealed record FeedEdit(string Id, string Etag)
{
    public string? Name { get; init; }

    public string? Url { get; init; }

    public FeedFormat? Format { get; init; }

    public TimeSpan? RefreshInterval { get; init; }

    public bool? IsDisabled { get; init; }

    public bool? IsMatchOnly { get; init; }
}
