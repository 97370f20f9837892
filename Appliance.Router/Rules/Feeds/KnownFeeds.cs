using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Says of the feeds that people made whether rules may name them.</summary>
internal sealed class KnownFeeds(FeedStore store) : IFeedNames
{
    public bool? IsMatchOnly(string feedId) => store.All.FirstOrDefault(feed => feed.Id == feedId)?.IsMatchOnly;
}
