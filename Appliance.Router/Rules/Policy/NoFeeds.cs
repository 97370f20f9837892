namespace Appliance.Router.Rules.Policy;

/// <summary>Where no feeds are kept, none can be named.</summary>
internal sealed class NoFeeds : IFeedNames
{
    public bool? IsMatchOnly(string feedId) => null;
}
