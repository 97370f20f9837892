using System.Text;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Keeps which feeds there would be, for a process that may not change the kernel.</summary>
internal sealed class FeedTableRendered : IFeedFirewall
{
    private readonly Lock _turn = new();
    private readonly SortedDictionary<string, FeedLoad> _held = new(StringComparer.Ordinal);
    private IReadOnlyList<TargetRange> _protected = [];

    public bool Enforces => false;

    /// <summary>Nobody else changes a text.</summary>
    public Task Touched { get; } = new TaskCompletionSource().Task;

    public IReadOnlyList<ForeignChange> TakeTouches() => [];

    /// <summary>The script that would make the table.</summary>
    public async Task<string> RenderAsync(CancellationToken token)
    {
        IReadOnlyList<FeedLoad> feeds;
        IReadOnlyList<TargetRange> protectedRanges;
        lock (_turn)
        {
            (feeds, protectedRanges) = ([.. _held.Values], _protected);
        }

        using var text = new MemoryStream();
        await FeedTableText.WriteWholeAsync(new FeedTableScript(text, token), feeds, protectedRanges);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    public Task ApplyAsync(IReadOnlyList<FeedLoad> feeds, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => Change(() =>
    {
        _held.Clear();
        foreach (var feed in feeds)
        {
            _held[feed.FeedId] = feed;
        }

        _protected = protectedRanges;
    });

    public Task ReplaceAsync(FeedLoad feed, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => Change(() =>
    {
        _held[feed.FeedId] = feed;
        _protected = protectedRanges;
    });

    public Task RemoveAsync(string feedId, CancellationToken token) => Change(() => _held.Remove(feedId));

    public Task ProtectAsync(IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => Change(() => _protected = protectedRanges);

    public IReadOnlyList<FeedDrops> ReadDrops()
    {
        lock (_turn)
        {
            return [.. _held.Keys.Select(id => new FeedDrops(id, 0))];
        }
    }

    private Task Change(Action change)
    {
        lock (_turn)
        {
            change();
        }

        return Task.CompletedTask;
    }
}
