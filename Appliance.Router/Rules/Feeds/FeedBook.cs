namespace Appliance.Router.Rules.Feeds;

/// <summary>The feeds in memory, and a word to those who wait for a change.</summary>
internal sealed class FeedBook
{
    private readonly Lock _turn = new();
    private readonly SortedDictionary<string, Feed> _byId = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>All feeds, oldest first, and what completes at the next change.</summary>
    public (IReadOnlyList<Feed> Feeds, Task Changed) Snapshot
    {
        get
        {
            lock (_turn)
            {
                return ([.. _byId.Values], _changed.Task);
            }
        }
    }

    public Feed? Find(string id)
    {
        lock (_turn)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public void Put(Feed feed) => Change(() => _byId[feed.Id] = feed);

    public void Remove(string id) => Change(() => _byId.Remove(id));

    private void Change(Action change)
    {
        TaskCompletionSource told;
        lock (_turn)
        {
            change();
            told = _changed;
            _changed = NewSignal();
        }

        told.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
