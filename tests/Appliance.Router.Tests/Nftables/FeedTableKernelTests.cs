using System.Net.Sockets;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Tests.Rules.Feeds;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

/// <summary>Real packets past feeds in a real kernel.</summary>
[Trait("Category", "Slow")]
public sealed class FeedTableKernelTests : IDisposable
{
    private readonly Lab _lab = new();
    private readonly KernelSets _sets;
    private readonly FeedTableKernel _feeds;

    public FeedTableKernelTests()
    {
        _sets = _lab.Gateway.OpenSets();
        _feeds = new FeedTableKernel(new NftProgram(_lab.Gateway.Inside, TimeProvider.System), _sets);
    }

    [Theory]
    [InlineData("10.71.1.2")]
    [InlineData("10.71.1.2/31")]
    [InlineData("10.71.2.2")]
    [InlineData("10.71.2.0/24")]
    public async Task Packets_from_and_to_an_IPv4_entry_are_dropped_on_their_way_through(string entry)
    {
        var before = _lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);

        await PutAsync("a", entry, "fd00:99::/64");

        Assert.True(before);
        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.True(_lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6));
        Assert.Equal([new FeedDrops("a", 1)], _feeds.ReadDrops());
    }

    [Theory]
    [InlineData("fd71:1::2")]
    [InlineData("fd71:1::/64")]
    [InlineData("fd71:2::2")]
    [InlineData("fd71:2::/126")]
    public async Task Packets_from_and_to_an_IPv6_entry_are_dropped_on_their_way_through(string entry)
    {
        var before = _lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6);

        await PutAsync("a", entry, "198.51.100.7");

        Assert.True(before);
        Assert.False(_lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6));
        Assert.True(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.Equal([new FeedDrops("a", 1)], _feeds.ReadDrops());
    }

    [Fact]
    public async Task The_gateway_itself_is_neither_reached_from_an_entry_nor_reaches_one()
    {
        await PutAsync("a", Lab.ClientAddress, Lab.ServerAddress);
        using var server = Lab.OpenUdp(_lab.Server, Lab.ServerAddress);
        using var gateway = Lab.OpenUdp(_lab.Gateway, "10.71.2.1");

        var isSent = Sends(gateway, server);

        Assert.False(isSent && Lab.Receives(server));
        Assert.False(_lab.ReachesGateway(7443));
        Assert.Equal([new FeedDrops("a", 2)], _feeds.ReadDrops());
    }

    [Fact]
    public async Task Protected_addresses_pass_whatever_a_feed_says_of_them()
    {
        await _feeds.ReplaceAsync(Load("a", "10.71.1.0/24", Lab.ServerAddress, "fd71:1::/64"), [Range(Lab.ClientAddress), Range("10.71.2.0/24"), Range("fd71:1::1"), Range("fd71:1::2")], CancellationToken.None);
        var isPassed = _lab.Reaches(Lab.ClientAddress, Lab.ServerAddress) && _lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6);
        var isOtherPassed = _lab.Reaches(Lab.OtherAddress, Lab.ServerAddress);

        await _feeds.ProtectAsync([Range("10.71.2.0/24")], CancellationToken.None);

        Assert.True(isPassed);
        Assert.False(isOtherPassed);
        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task Being_sent_to_a_protected_address_saves_no_packet_of_an_entry()
    {
        await _feeds.ReplaceAsync(Load("a", Lab.ClientAddress), [Range("10.71.2.0/24"), Range("10.71.1.1")], CancellationToken.None);

        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.False(_lab.ReachesGateway(7443));
    }

    [Fact]
    public async Task Replaced_feed_drops_what_it_now_holds_and_others_stay()
    {
        await PutAsync("a", Lab.ClientAddress);
        await PutAsync("b", Lab.OtherAddress);

        await PutAsync("a", "198.51.100.0/24");

        Assert.True(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.False(_lab.Reaches(Lab.OtherAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task Removed_feed_leaves_at_once_and_others_stay()
    {
        await PutAsync("a", Lab.ClientAddress, "198.51.100.0/24", "2001:db8::/32", "2001:db9::1");
        await PutAsync("b", Lab.OtherAddress);

        await _feeds.RemoveAsync("a", CancellationToken.None);
        await _feeds.RemoveAsync("absent", CancellationToken.None);

        Assert.True(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.False(_lab.Reaches(Lab.OtherAddress, Lab.ServerAddress));
        Assert.Equal(["b"], _feeds.ReadDrops().Select(feed => feed.FeedId));
        Assert.DoesNotContain("feed_a", _lab.Gateway.Nft("list", "ruleset"));
    }

    [Fact]
    public async Task Applying_holds_these_feeds_and_no_others()
    {
        await PutAsync("a", Lab.ClientAddress);

        await _feeds.ApplyAsync([Load("b", Lab.OtherAddress), Load("c", "198.51.100.7")], [], CancellationToken.None);

        Assert.True(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.False(_lab.Reaches(Lab.OtherAddress, Lab.ServerAddress));
        Assert.Equal(["b", "c"], _feeds.ReadDrops().Select(feed => feed.FeedId));
    }

    [Fact]
    public async Task Feed_whose_writing_fails_stays_as_it_was()
    {
        await PutAsync("a", Lab.ClientAddress);
        var broken = new FeedLoad("a", () => throw new InvalidOperationException("The test's."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _feeds.ReplaceAsync(broken, [], CancellationToken.None));

        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task Counter_outlives_a_replacement()
    {
        await PutAsync("a", Lab.ClientAddress);
        _lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);

        await PutAsync("a", Lab.ClientAddress, Lab.OtherAddress);
        _lab.Reaches(Lab.OtherAddress, Lab.ServerAddress);

        Assert.Equal([new FeedDrops("a", 2)], _feeds.ReadDrops());
    }

    [Fact]
    public async Task Flushed_kernel_holds_no_feed_until_it_is_put_again()
    {
        await PutAsync("a", Lab.ClientAddress);
        _lab.Gateway.Nft("flush", "ruleset");
        var held = _feeds.ReadDrops();

        await PutAsync("a", Lab.ClientAddress);

        Assert.Empty(held);
        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task No_packet_passes_while_a_feed_is_replaced()
    {
        var filler = Enumerable.Range(0, 5000).Select(index => new TargetRange(new BlockTarget(TargetKind.Address4, 0x0B00_0000u + ((uint)index << 9)), 24)).ToList();
        await PutAsync("a", Lab.ClientAddress);
        using var receiver = Lab.OpenUdp(_lab.Server, Lab.ServerAddress);
        using var sender = Lab.OpenUdp(_lab.Client, Lab.ClientAddress);
        using var stop = new CancellationTokenSource();
        var sent = Task.Run(() => Flood(sender, receiver, stop.Token), TestContext.Current.CancellationToken);

        for (var round = 0; round < 8; round++)
        {
            var entry = round % 2 == 0 ? Range("10.71.1.0/30") : Range(Lab.ClientAddress);
            await _feeds.ReplaceAsync(new FeedLoad("a", () => FeedText.Of([.. filler.Skip(round), entry])), [], CancellationToken.None);
        }

        await stop.CancelAsync();
        Assert.InRange(await sent, 1000, int.MaxValue);
        Assert.False(Lab.Receives(receiver));
    }

    [Fact]
    public async Task A_hundred_thousand_entries_are_taken_in_one_transaction()
    {
        var hosts = Enumerable.Range(0, 50_000).Select(index => TargetRange.Of(new BlockTarget(TargetKind.Address4, 0x0B00_0001u + ((uint)index * 7))));
        var networks = Enumerable.Range(0, 49_999).Select(index => new TargetRange(new BlockTarget(TargetKind.Address4, 0x4000_0000u + ((uint)index << 9)), 24));
        var content = FeedText.Of([.. hosts, .. networks, Range("10.71.1.2/31")]);

        await _feeds.ReplaceAsync(new FeedLoad("a", () => content), [], CancellationToken.None);

        Assert.Equal(100_000, content.Count);
        Assert.Equal(50_000, _sets.List(new SetName(FeedTableText.Table, "feed_a_hosts4_1", TargetKind.Address4)).Count);
        // The kernel holds the begin and the end of each interval, and one end before the first.
        Assert.InRange(_sets.List(new SetName(FeedTableText.Table, "feed_a_nets4_1", TargetKind.Address4)).Count, 100_000, 100_001);
        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.True(_lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6));
    }

    [Fact]
    public async Task Rendered_feeds_are_the_script_that_the_kernel_takes()
    {
        var rendered = new FeedTableRendered();
        await rendered.ReplaceAsync(Load("a", Lab.ClientAddress, "198.51.100.0/24"), [], CancellationToken.None);
        await rendered.ReplaceAsync(Load("b", "2001:db8::1", "2001:db8:1::/48"), [Range("fd71:1::2")], CancellationToken.None);

        _lab.Gateway.NftScript(await rendered.RenderAsync(CancellationToken.None));

        Assert.Equal(["a", "b"], _feeds.ReadDrops().Select(feed => feed.FeedId));
        Assert.Equal([new FeedDrops("a", 0), new FeedDrops("b", 0)], rendered.ReadDrops());
        Assert.False(_lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    public void Dispose()
    {
        _feeds.Dispose();
        _sets.Dispose();
        _lab.Dispose();
    }

    private static FeedLoad Load(string id, params string[] entries) => new(id, () => FeedText.Addresses(entries));

    private Task PutAsync(string id, params string[] entries) => _feeds.ReplaceAsync(Load(id, entries), [], CancellationToken.None);

    private static int Flood(Socket sender, Socket receiver, CancellationToken stop)
    {
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            sender.SendTo([1], receiver.LocalEndPoint!);
            sent++;
        }

        return sent;
    }

    // A datagram dropped on its way out is told to its sender.
    private static bool Sends(Socket sender, Socket receiver)
    {
        try
        {
            return sender.SendTo([1], receiver.LocalEndPoint!) > 0;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AccessDenied or SocketError.OperationNotSupported)
        {
            return false;
        }
    }
}
