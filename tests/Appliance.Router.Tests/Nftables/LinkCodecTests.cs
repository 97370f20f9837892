using Appliance.Router.Nftables;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

public sealed class LinkCodecTests
{
    // struct ndmsg of linux/neighbour.h: IPv4, interface 3, state; then NDA_DST and NDA_LLADDR.
    private const string Neighbor = "02000000 03000000 {0} 00 01 0800 0100 C0000201 0A00 0200 02005E005301 0000";

    // struct rtmsg: IPv4 and zeros; then RTA_OIF of interface 4.
    private const string Route = "02200000 00000000 00000000 0800 0400 04000000";

    [Theory]
    [InlineData("0200", true)]
    [InlineData("0400", true)]
    [InlineData("8000", true)]
    [InlineData("0100", false)]
    [InlineData("2000", false)]
    [InlineData("4000", false)]
    public void A_neighbor_counts_once_it_has_answered(string state, bool counts)
    {
        var isRead = LinkCodec.TryReadNeighbor(Bytes(Neighbor.Replace("{0}", state, StringComparison.Ordinal)), out var address, out var station, out var link);

        Assert.Equal(counts, isRead);
        Assert.True(!counts || (address, station, link) == (Target("192.0.2.1"), Target("02:00:5e:00:53:01"), 3u));
    }

    [Fact]
    public void A_route_has_its_interface()
    {
        Assert.True(LinkCodec.TryReadRoute(Bytes(Route), out var link));
        Assert.Equal(4u, link);
    }

    [Fact]
    public void A_message_that_is_cut_short_is_no_answer()
    {
        var (neighbor, route) = (Bytes(Neighbor.Replace("{0}", "0200", StringComparison.Ordinal)), Bytes(Route));

        Assert.All(Enumerable.Range(0, neighbor.Length - 2), length => Assert.False(LinkCodec.TryReadNeighbor(neighbor.AsSpan(0, length), out _, out _, out _)));
        Assert.All(Enumerable.Range(0, route.Length), length => Assert.False(LinkCodec.TryReadRoute(route.AsSpan(0, length), out _)));
    }

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
