namespace Appliance.Router.Rules.Feeds;

/// <summary>A feed as the firewall takes it; what it holds is asked for when it is written out, so that it needs no memory in between.</summary>
public sealed record FeedLoad(string FeedId, Func<FeedAddresses> Open);
