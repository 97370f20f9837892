using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Tests.Rules.Feeds;

/// <summary>Feeds' firewall in memory that can lose its feeds, as when someone flushes the kernel's, or fail.</summary>
internal sealed class RecordingFeeds : IFeedFirewall
{
    private readonly Lock _turn = new();
    private readonly SortedDictionary<string, string[]> _held = new(StringComparer.Ordinal);

    public bool Enforces => true;

    public Exception? Fault { get; set; }

    public Task Touched { get; } = new TaskCompletionSource().Task;

    public IReadOnlyList<ForeignChange> TakeTouches() => [];

    public int Replaced { get; private set; }

    public IReadOnlyList<TargetRange> Protected { get; private set; } = [];

    /// <summary>What a feed drops, as people write it; null when it is not there.</summary>
    public IReadOnlyList<string>? Held(string feedId)
    {
        lock (_turn)
        {
            return _held.GetValueOrDefault(feedId);
        }
    }

    public void Lose()
    {
        lock (_turn)
        {
            _held.Clear();
        }
    }

    public Task ApplyAsync(IReadOnlyList<FeedLoad> feeds, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => Change(() =>
    {
        _held.Clear();
        foreach (var feed in feeds)
        {
            Put(feed);
        }

        Protected = protectedRanges;
    });

    public Task ReplaceAsync(FeedLoad feed, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => Change(() =>
    {
        Replaced++;
        Put(feed);
        Protected = protectedRanges;
    });

    public Task RemoveAsync(string feedId, CancellationToken token) => Change(() => _held.Remove(feedId));

    public Task ProtectAsync(IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => Change(() => Protected = protectedRanges);

    public IReadOnlyList<FeedDrops> ReadDrops()
    {
        lock (_turn)
        {
            return [.. _held.Keys.Select(id => new FeedDrops(id, 7))];
        }
    }

    private void Put(FeedLoad feed) => _held[feed.FeedId] = [.. FeedText.Words(feed.Open())];

    private Task Change(Action change)
    {
        lock (_turn)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            change();
            return Task.CompletedTask;
        }
    }
}
