namespace Appliance.Router.Rules.Feeds;

/// <summary>Packets dropped for being from or to an entry of a feed, since the firewall took it first.</summary>
public readonly record struct FeedDrops(string FeedId, long Packets);
