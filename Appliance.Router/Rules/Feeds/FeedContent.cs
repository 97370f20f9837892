namespace Appliance.Router.Rules.Feeds;

/// <summary>The last good content of a feed, as it is kept.</summary>
internal sealed record FeedContent(FeedAddresses Addresses, IReadOnlyList<string> Names, string Digest)
{
    public static readonly FeedContent None = new(FeedAddresses.None, [], "");
}
