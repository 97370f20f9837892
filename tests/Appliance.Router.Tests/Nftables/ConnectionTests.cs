using System.Net;
using System.Net.Sockets;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Tests.Decoding;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Router.Tests.Nftables;

/// <summary>What the kernel tracks in a real gateway, listed and ended over TrafficService, beside the conntrack tool.</summary>
[Trait("Category", "Slow")]
public sealed class ConnectionTests : IAsyncDisposable
{
    private const string Rules = """
        table inet lab {
          chain pre { type nat hook prerouting priority dstnat; ip daddr 10.71.2.1 tcp dport 8080 dnat ip to 10.71.1.2:80; }
          chain post { type nat hook postrouting priority srcnat; oifname "wan" ip saddr 10.71.1.3 masquerade; }
          chain marking { type filter hook forward priority 0; udp dport 5002 ct mark set 0x2a; }
        }
        """;

    private readonly GatewayBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task List_says_of_every_connection_what_the_conntrack_tool_says()
    {
        await StartAsync();
        Talk();

        var (before, ours, after) = await ListInQuietAsync();

        Assert.Equal(before.Keys.Order(), ours.Keys.Order());
        Assert.Equal(10, before.Count);
        Assert.All(ours, entry => Assert.InRange(entry.Value.IdleLeft.Seconds, after[entry.Key], before[entry.Key]));
        Assert.All(ours.Values, connection => Assert.NotEqual(0ul, connection.OutBytes));
        Assert.Contains(ours.Values, connection => connection.Mark == 0x2a);
    }

    [Fact]
    public async Task Address_picks_connections_by_either_side_of_the_translation()
    {
        await StartAsync();
        Talk();

        var byGateway = await ListAsync(new ListConnectionsRequest { Address = Bytes("10.71.2.1") });
        var byServer6 = await ListAsync(new ListConnectionsRequest { Address = Bytes(Lab.ServerAddress6) });

        Assert.Equal(3, byGateway.Count);
        Assert.All(byGateway, connection => Assert.True(connection.Destination == Bytes("10.71.2.1") || connection.ReplyDestination == Bytes("10.71.2.1")));
        Assert.Equal(3, byServer6.Count);
    }

    [Fact]
    public async Task Pages_of_any_size_give_each_connection_once()
    {
        await StartAsync();
        Talk();
        var whole = await ListAsync(new ListConnectionsRequest { PageSize = 1000 });

        foreach (var size in new[] { 1, 3, 10 })
        {
            Assert.Equal(whole.Select(connection => connection.Id), (await ListAsync(new ListConnectionsRequest { PageSize = size })).Select(connection => connection.Id));
        }
    }

    [Fact]
    public async Task Full_table_is_listed_page_by_page_from_its_beginning_and_to_its_end()
    {
        await _bench.StartAsync();
        ConntrackFill.Add(_bench.Lab.Gateway, 0, 100_000);
        var traffic = _bench.Traffic;

        var first = await traffic.ListConnectionsAsync(new ListConnectionsRequest { PageSize = 1000 }, cancellationToken: Token);
        var second = await traffic.ListConnectionsAsync(new ListConnectionsRequest { PageSize = 1000, PageToken = first.NextPageToken }, cancellationToken: Token);
        var last = await ListAsync(new ListConnectionsRequest { PageSize = 1000, PageToken = "fd000000-0-17-10.71.1.2-10000-10.72.0.0-53-0" });

        // The kernel's numbers are spread evenly, so that 3 of 256 parts lie behind that name: 1172, give or take.
        var numbers = first.Connections.Concat(second.Connections).Concat(last).Select(ConntrackTool.IdOf).ToList();
        Assert.Equal((1000, 1000), (first.Connections.Count, second.Connections.Count));
        Assert.InRange(last.Count, 1000, 1400);
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(numbers.Count, first.Connections.Concat(second.Connections).Concat(last).Select(connection => connection.Id).Distinct().Count());
    }

    [Fact]
    public async Task Every_kind_of_connection_can_be_ended_and_each_deletion_ends_that_one_alone()
    {
        await StartAsync();
        Talk();
        var traffic = _bench.Traffic;

        var left = ConntrackTool.ListIds(_bench.Lab.Gateway);
        foreach (var connection in await ListAsync(new ListConnectionsRequest { PageSize = 1000 }))
        {
            var before = left;
            await traffic.DeleteConnectionAsync(new DeleteConnectionRequest { ConnectionId = connection.Id }, cancellationToken: Token);
            left = ConntrackTool.ListIds(_bench.Lab.Gateway);

            Assert.Equal([ConntrackTool.IdOf(connection)], before.Except(left));
        }

        Assert.Empty(left);
    }

    [Fact]
    public async Task Rare_protocols_and_other_zones_are_listed_and_can_be_ended_too()
    {
        await _bench.StartAsync();
        string[] ends = ["-s", "192.0.2.7", "-d", "192.0.2.8", "-t", "100"];
        ConntrackTool.Run(_bench.Lab.Gateway, ["-I", "-p", "sctp", "--sport", "1", "--dport", "2", "--state", "ESTABLISHED", "--orig-vtag", "3", "--reply-vtag", "4", .. ends]);
        ConntrackTool.Run(_bench.Lab.Gateway, ["-I", "-p", "udp", "--sport", "1", "--dport", "2", "-w", "5", .. ends]);
        _bench.SendRaw(Frames.IPv4(Lab.ClientAddress, Lab.ServerAddress, 253, [1, 2, 3]), Lab.ServerAddress);

        var listed = await ListAsync(new ListConnectionsRequest());
        foreach (var connection in listed)
        {
            await _bench.Traffic.DeleteConnectionAsync(new DeleteConnectionRequest { ConnectionId = connection.Id }, cancellationToken: Token);
        }

        Assert.Equal(
            [(17u, "UNREPLIED", 5u), (132u, "ESTABLISHED", 0u), (253u, "UNREPLIED", 0u)],
            listed.Select(connection => (connection.Protocol, connection.State, connection.Zone)).Order());
        Assert.Empty(ConntrackTool.ListIds(_bench.Lab.Gateway));
    }

    [Fact]
    public async Task Connection_is_not_ended_by_the_name_of_one_that_had_the_same_ends()
    {
        await StartAsync();
        _bench.Exchange(Lab.ClientAddress, Lab.ServerAddress, 5001, isAnswered: true);
        var present = Assert.Single(await ListAsync(new ListConnectionsRequest()));
        var past = $"{ConntrackTool.IdOf(present) ^ 1:x8}{present.Id[8..]}";

        var error = await Assert.ThrowsAsync<RpcException>(async () => await _bench.Traffic.DeleteConnectionAsync(new DeleteConnectionRequest { ConnectionId = past }, cancellationToken: Token));

        Assert.Equal((StatusCode.NotFound, $"No connection has the id '{past}'."), (error.StatusCode, error.Status.Detail));
        Assert.Single(ConntrackTool.List(_bench.Lab.Gateway));
    }

    [Fact]
    public async Task Deletion_is_written_down_with_what_was_ended()
    {
        await _bench.StartAsync();
        ConntrackTool.Run(_bench.Lab.Gateway, "-I", "-p", "tcp", "-s", "192.0.2.7", "-d", "192.0.2.8", "--sport", "4000", "--dport", "23", "--state", "ESTABLISHED", "-t", "100");
        var victim = Assert.Single(await ListAsync(new ListConnectionsRequest()));

        await _bench.Traffic.DeleteConnectionAsync(new DeleteConnectionRequest { ConnectionId = victim.Id }, cancellationToken: Token);

        var entry = Assert.Single(await _bench.ReadEventsAsync(), told => told.Action == "DeleteConnection");
        Assert.Equal($"connection_id={ConntrackTool.IdOf(victim):x8}-0-6-192.0.2.7-4000-192.0.2.8-23-0", entry.Subject);
        Assert.True(entry.Allowed);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ByteString Bytes(string address) => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes());

    private async Task StartAsync()
    {
        await _bench.StartAsync();
        _bench.Lab.Gateway.NftScript(Rules);
    }

    // Everything that is tracked in different ways; nothing moves afterwards.
    private void Talk()
    {
        var lab = _bench.Lab;
        _bench.Connect(lab.Client, Lab.ClientAddress, lab.Server, new IPEndPoint(IPAddress.Parse(Lab.ServerAddress), 6001));
        _bench.Connect(lab.Client, Lab.ClientAddress6, lab.Server, new IPEndPoint(IPAddress.Parse(Lab.ServerAddress6), 6001));
        _bench.Connect(lab.Client, Lab.ClientAddress, lab.Server, new IPEndPoint(IPAddress.Parse(Lab.ServerAddress), 6002)).Socket.Shutdown(SocketShutdown.Send);
        _bench.Connect(lab.Client, Lab.OtherAddress, lab.Server, new IPEndPoint(IPAddress.Parse(Lab.ServerAddress), 6003));
        _bench.Connect(lab.Server, Lab.ServerAddress, lab.Client, new IPEndPoint(IPAddress.Parse(Lab.ClientAddress), 80), new IPEndPoint(IPAddress.Parse("10.71.2.1"), 8080));
        _bench.Exchange(Lab.ClientAddress, Lab.ServerAddress, 5001, isAnswered: true);
        _bench.Exchange(Lab.OtherAddress, Lab.ServerAddress, 5002, isAnswered: false);
        _bench.Exchange(Lab.ClientAddress6, Lab.ServerAddress6, 5001, isAnswered: true);
        _bench.Ping(Lab.ServerAddress);
        _bench.Ping(Lab.ServerAddress6);
    }

    // An acknowledgment may be late by 40 ms, so it is looked until nothing has moved from one look of the tool to the next.
    private async Task<(IReadOnlyDictionary<string, int> Before, Dictionary<string, Connection> Ours, IReadOnlyDictionary<string, int> After)> ListInQuietAsync()
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            var before = ConntrackTool.List(_bench.Lab.Gateway);
            var ours = (await ListAsync(new ListConnectionsRequest { PageSize = 1000 })).ToDictionary(ConntrackTool.Describe);
            var after = ConntrackTool.List(_bench.Lab.Gateway);
            if (before.Keys.ToHashSet().SetEquals(after.Keys))
            {
                return (before, ours, after);
            }
        }
    }

    private async Task<List<Connection>> ListAsync(ListConnectionsRequest request)
    {
        var traffic = _bench.Traffic;
        var connections = new List<Connection>();
        do
        {
            var page = await traffic.ListConnectionsAsync(request, cancellationToken: Token);
            connections.AddRange(page.Connections);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return connections;
    }
}
