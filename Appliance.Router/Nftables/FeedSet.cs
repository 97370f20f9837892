using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;

namespace Appliance.Router.Nftables;

/// <summary>One of the kernel sets that a feed is split into.</summary>
internal sealed record FeedSet(string Name, TargetKind Kind, bool IsInterval)
{
    public FamilyAddresses FamilyIn(FeedAddresses addresses) => Kind == TargetKind.Address4 ? addresses.Of4 : addresses.Of6;

    public int CountIn(FeedAddresses addresses) => IsInterval ? FamilyIn(addresses).Networks.Count : FamilyIn(addresses).Hosts.Count;
}
