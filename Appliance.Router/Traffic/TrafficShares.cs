namespace Appliance.Router.Traffic;

/// <summary>What a second's traffic was made of, the busiest first; uncounted are packets whose remote address found no place.</summary>
internal sealed record TrafficShares(IReadOnlyList<ProtocolShare> Protocols, IReadOnlyList<DestinationShare> Destinations, long UncountedPackets)
{
    public static TrafficShares None => new([], [], 0);
}
