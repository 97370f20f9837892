using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Brings feeds into force: those that drop into their own table, those for matching into the ruleset, under their id.</summary>
internal sealed class FeedEnforcer(IFeedFirewall firewall, ProtectedAddresses protectedAddresses, BlockStore blocks, RulesetIntent intent, FeedFiles files)
{
    private IReadOnlyList<TargetRange> _protected = [];

    private IReadOnlyList<TargetRange> Ranges => [.. protectedAddresses.All.Select(address => address.Range).Where(range => range.Kind != TargetKind.Mac)];

    /// <summary>Completes when other addresses than now have to be kept out of the feeds' reach.</summary>
    public Task ProtectionChanged => protectedAddresses.Changed;

    /// <summary>Completes when somebody else has changed what the kernel holds of feeds.</summary>
    public Task Touched => firewall.Touched;

    public IReadOnlyList<ForeignChange> TakeTouches() => firewall.TakeTouches();

    public IReadOnlyList<FeedDrops> ReadDrops() => firewall.ReadDrops();

    /// <summary>Lets the first ruleset of all have the sets that its rules name.</summary>
    public void Prepare(IReadOnlyList<Feed> feeds)
    {
        AddressSet[] sets = [.. feeds.Where(feed => feed.IsMatchOnly).Select(SetOf)];
        intent.Change(state => state with { AddressSets = sets });
    }

    /// <summary>Makes the kernel drop these feeds and no others.</summary>
    public async Task ApplyAsync(IReadOnlyList<Feed> feeds, CancellationToken cancellationToken)
    {
        var ranges = Ranges;
        await RunAsync(() => firewall.ApplyAsync([.. feeds.Where(feed => feed.IsDropping).Select(Load)], ranges, cancellationToken));
        _protected = ranges;
    }

    /// <summary>False when somebody took a feed out of the kernel.</summary>
    public bool HoldsAll(IReadOnlyList<Feed> feeds)
    {
        var held = firewall.ReadDrops().Select(drops => drops.FeedId).ToHashSet(StringComparer.Ordinal);
        return feeds.Where(feed => feed.IsDropping).All(feed => held.Contains(feed.Id));
    }

    /// <summary>Keeps protected addresses out of the feeds' reach.</summary>
    public async Task ProtectAsync(CancellationToken cancellationToken)
    {
        var ranges = Ranges;
        if (!ranges.SequenceEqual(_protected))
        {
            await RunAsync(() => firewall.ProtectAsync(ranges, cancellationToken));
            _protected = ranges;
        }
    }

    /// <summary>Puts what is kept of a feed in force as the feed now is; before is null for a new one.</summary>
    public async Task PutAsync(Feed? before, Feed feed, CancellationToken cancellationToken)
    {
        if (before is { IsMatchOnly: true } && !feed.IsMatchOnly)
        {
            await RemoveSetAsync(before, cancellationToken);
        }

        if (feed.IsDropping)
        {
            await RunAsync(() => firewall.ReplaceAsync(Load(feed), Ranges, cancellationToken));
        }
        else if (before is { IsDropping: true })
        {
            await RunAsync(() => firewall.RemoveAsync(feed.Id, cancellationToken));
        }

        if (feed.IsMatchOnly)
        {
            var set = SetOf(feed);
            await blocks.RestateAsync(state => state with { AddressSets = [.. Without(state.AddressSets, feed.Id), set] }, cancellationToken);
        }
    }

    public async Task RemoveAsync(Feed feed, CancellationToken cancellationToken)
    {
        if (feed.IsMatchOnly)
        {
            await RemoveSetAsync(feed, cancellationToken);
            return;
        }

        DemandUnnamed(intent.Policy, feed);
        if (feed.IsDropping)
        {
            await RunAsync(() => firewall.RemoveAsync(feed.Id, cancellationToken));
        }
    }

    // Asked inside of the change, so that no policy that names the feed can come into force in between.
    private Task RemoveSetAsync(Feed feed, CancellationToken cancellationToken) => blocks.RestateAsync(
        state =>
        {
            DemandUnnamed(state.Policy, feed);
            return state with { AddressSets = [.. Without(state.AddressSets, feed.Id)] };
        },
        cancellationToken);

    private static void DemandUnnamed(FirewallPolicy policy, Feed feed)
    {
        if (policy.Rules.FirstOrDefault(rule => rule.Match.SourceFeeds.Contains(feed.Id) || rule.Match.DestinationFeeds.Contains(feed.Id)) is { } rule)
        {
            throw new BusyException("FEED_IN_USE", $"Rule {rule.Id} of the policy in force names feed {feed.Id}; apply a policy without it first.");
        }
    }

    private static IEnumerable<AddressSet> Without(IReadOnlyList<AddressSet> sets, string id) => sets.Where(set => set.Id != id);

    private AddressSet SetOf(Feed feed) => new(feed.Id, feed.IsDisabled ? [] : files.Read(feed.Id).Addresses.ToRanges());

    private FeedLoad Load(Feed feed) => new(feed.Id, () => files.Read(feed.Id).Addresses);

    private static async Task RunAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new UnreachableException($"The firewall did not take the feed: {error.Message}", error);
        }
    }
}
