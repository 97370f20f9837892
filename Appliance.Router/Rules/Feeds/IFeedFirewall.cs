using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Drops packets from and to what feeds hold, but never those of protected addresses; each call acts as a whole or throws <see cref="RulesetRejectedException"/>.</summary>
internal interface IFeedFirewall
{
    /// <summary>True when the kernel drops; false when the feeds are rendered only.</summary>
    bool Enforces { get; }

    /// <summary>Completes when somebody else has changed what is held.</summary>
    Task Touched { get; }

    /// <summary>Who has, since it was last asked.</summary>
    IReadOnlyList<ForeignChange> TakeTouches();

    /// <summary>Holds these feeds and no others from then on.</summary>
    Task ApplyAsync(IReadOnlyList<FeedLoad> feeds, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token);

    /// <summary>Puts one feed in the place of what it held before, without a moment in which it holds neither.</summary>
    Task ReplaceAsync(FeedLoad feed, IReadOnlyList<TargetRange> protectedRanges, CancellationToken token);

    /// <summary>Takes a feed out; one already gone is fine.</summary>
    Task RemoveAsync(string feedId, CancellationToken token);

    Task ProtectAsync(IReadOnlyList<TargetRange> protectedRanges, CancellationToken token);

    /// <summary>The feeds that are held, with what they dropped; where the kernel does not enforce, nothing was.</summary>
    IReadOnlyList<FeedDrops> ReadDrops();
}
