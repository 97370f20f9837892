namespace Appliance.Router.Rules.Feeds;

/// <summary>The names that enabled feeds in hosts format hold, for whoever answers questions for names.</summary>
internal sealed class FeedNames(FeedStore store)
{
    /// <summary>All of them, sorted, none twice, and what completes when a feed changes; a changed feed need not mean other names.</summary>
    public (IReadOnlyList<string> Names, Task Changed) Read()
    {
        var (feeds, changed) = store.Snapshot;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var feed in feeds.Where(feed => feed.IsDropping && feed.Status.Names > 0))
        {
            names.UnionWith(store.ReadNames(feed.Id));
        }

        return ([.. names], changed);
    }
}
