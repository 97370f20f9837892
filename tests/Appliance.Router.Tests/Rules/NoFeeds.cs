using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Rules;

/// <summary>Where no feeds are kept, none can be named.</summary>
internal sealed class NoFeeds : IFeedNames
{
    public bool? IsMatchOnly(string feedId) => null;
}
