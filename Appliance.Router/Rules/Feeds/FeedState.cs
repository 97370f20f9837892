namespace Appliance.Router.Rules.Feeds;

/// <summary>How fresh a feed is; the numbers are those of the contract.</summary>
public enum FeedState
{
    /// <summary>A disabled feed has no state.</summary>
    None,

    /// <summary>Nothing was fetched yet.</summary>
    Fetching,

    /// <summary>What was fetched last is in force.</summary>
    Active,

    /// <summary>The last fetch failed; what was good before stays in force.</summary>
    Stale,
}
