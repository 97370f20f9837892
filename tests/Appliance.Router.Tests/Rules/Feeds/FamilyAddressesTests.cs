using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using CsCheck;

namespace Appliance.Router.Tests.Rules.Feeds;

public sealed class FamilyAddressesTests
{
    // Networks of all sizes in 1024 addresses meet and cover each other often; the edges of the family are among them.
    private const int Universe = 1024;

    private static readonly Gen<TargetRange> AtBottom4 = Ranges(TargetKind.Address4, 0, 32);
    private static readonly Gen<TargetRange> AtTop4 = Ranges(TargetKind.Address4, uint.MaxValue - (Universe - 1), 32);
    private static readonly Gen<TargetRange> AtBottom6 = Ranges(TargetKind.Address6, 0, 128);
    private static readonly Gen<TargetRange> AtTop6 = Ranges(TargetKind.Address6, UInt128.MaxValue - (Universe - 1), 128);

    [Fact]
    public void Merging_covers_the_same_addresses_and_nothing_twice() =>
        Gen.OneOf(AtBottom4.Array[0, 40], AtTop4.Array[0, 40], AtBottom6.Array[0, 40], AtTop6.Array[0, 40]).Sample(
            ranges =>
            {
                var merged = FeedText.Of(ranges);
                var family = merged.Of4.Count > 0 ? merged.Of4 : merged.Of6;

                AssertApart(family);
                foreach (var address in Window(ranges))
                {
                    var isCovered = ranges.Any(range => range.Contains(address));
                    Assert.Equal(isCovered, family.Hosts.Contains(address.Value) || family.Networks.Any(network => network.Contains(address.Value)));
                    Assert.Equal(isCovered ? 1 : 0, merged.ToRanges().Count(range => range.Contains(address)));
                }
            },
            iter: 200);

    [Fact]
    public void Networks_of_a_whole_family_are_one()
    {
        var merged = FeedText.Addresses("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1", "198.51.100.7", "2001:db8::1");

        Assert.Equal(["0.0.0.0/0", "::/0"], FeedText.Words(merged));
    }

    [Fact]
    public void Neighbors_are_joined_and_covered_hosts_dropped()
    {
        var merged = FeedText.Addresses("198.51.100.0/25", "198.51.100.128/25", "198.51.101.0/24", "198.51.100.9", "203.0.113.1", "203.0.113.2", "203.0.113.2");

        Assert.Equal(2, merged.Of4.Hosts.Count);
        Assert.Single(merged.Of4.Networks);
        Assert.Equal(["203.0.113.1/32", "203.0.113.2/32", "198.51.100.0/23"], FeedText.Words(merged));
    }

    private static Gen<TargetRange> Ranges(TargetKind kind, UInt128 first, int bits) => Gen.Select(
        Gen.Int[0, Universe - 1],
        Gen.Int[bits - 8, bits],
        (offset, length) => new TargetRange(new BlockTarget(kind, first + (uint)offset), length));

    private static IEnumerable<BlockTarget> Window(TargetRange[] ranges) => ranges.Length == 0
        ? []
        : Enumerable.Range(0, Universe).Select(offset => new BlockTarget(ranges[0].Kind, Edge(ranges[0]) + (uint)offset));

    private static UInt128 Edge(TargetRange range) => range.First.Value < Universe ? 0 : range.First.Value - (range.First.Value % Universe);

    private static void AssertApart(FamilyAddresses family)
    {
        Assert.Equal(family.Hosts.Distinct().Order(), family.Hosts);
        Assert.All(family.Networks, network => Assert.True(network.First < network.Last));
        Assert.All(family.Networks.Zip(family.Networks.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First - 1));
    }
}
