using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Feeds in the kernel: changed by a short-lived nft, counted by netlink.</summary>
internal sealed class FeedTableKernel(NftProgram nft, KernelSets sets) : IFeedFirewall, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    // The generation of sets that each feed has.
    private readonly SortedDictionary<string, int> _held = new(StringComparer.Ordinal);

    /// <summary>What others change in the table; null where nobody listens for it.</summary>
    public ChangeSignal? Changes { get; init; }

    public bool Enforces => true;

    public Task Touched => Changes?.Told ?? new TaskCompletionSource().Task;

    public IReadOnlyList<ForeignChange> TakeTouches() => Changes?.Take() ?? [];

    public Task ApplyAsync(IReadOnlyList<FeedLoad> feeds, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => InTurnAsync(
        async () =>
        {
            await RunAsync(script => FeedTableText.WriteWholeAsync(script, feeds, protectedRanges), token);
            _held.Clear();
            foreach (var feed in feeds)
            {
                _held[feed.FeedId] = FeedPlace.First;
            }
        },
        token);

    public Task ReplaceAsync(FeedLoad feed, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => InTurnAsync(
        async () =>
        {
            var place = PlaceOf(feed.FeedId);
            var addresses = feed.Open();
            await RunAsync(script => FeedTableText.WriteAdditionAsync(script, place, addresses, protectedRanges), token);
            // Once begun it is brought to its end, or it would go on dropping what it no longer holds.
            await RunAsync(script => FeedTableText.WriteSubtractionAsync(script, place, addresses), CancellationToken.None);
            _held[feed.FeedId] = place.Next;
        },
        token);

    public Task RemoveAsync(string feedId, CancellationToken token) => InTurnAsync(
        async () =>
        {
            await RunAsync(script => FeedTableText.WriteRemovalAsync(script, PlaceOf(feedId)), token);
            _held.Remove(feedId);
        },
        token);

    public Task ProtectAsync(IReadOnlyList<TargetRange> protectedRanges, CancellationToken token) => InTurnAsync(
        () => RunAsync(script => FeedTableText.WriteProtectionAsync(script, protectedRanges), token),
        token);

    public IReadOnlyList<FeedDrops> ReadDrops()
    {
        try
        {
            return
            [
                .. sets.ReadCounters(FeedTableText.Table)
                    .Select(counter => (Id: FeedTableText.FeedOf(counter.Name), counter.Packets))
                    .Where(counter => counter.Id is not null)
                    .Select(counter => new FeedDrops(counter.Id!, (long)Math.Min(counter.Packets, long.MaxValue))),
            ];
        }
        catch (KernelRefusedException error) when (error.Fault == KernelFault.SetMissing)
        {
            return [];
        }
    }

    public void Dispose() => _turn.Dispose();

    private FeedPlace PlaceOf(string feedId)
    {
        var isHeld = _held.TryGetValue(feedId, out var now);
        return new FeedPlace(feedId, isHeld, now, [.. _held.Keys.Where(id => id != feedId)]);
    }

    private Task RunAsync(Func<FeedTableScript, Task> write, CancellationToken token) =>
        nft.ApplyAsync((stream, cancellation) => write(new FeedTableScript(stream, cancellation)), token);

    private async Task InTurnAsync(Func<Task> change, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            await change();
        }
        finally
        {
            _turn.Release();
        }
    }
}
