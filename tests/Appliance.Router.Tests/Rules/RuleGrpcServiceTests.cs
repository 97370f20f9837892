using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Nftables;
using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Appliance.Router.Tests.Rules.Samples;
using WireBlock = Appliance.Protos.Rules.V1.Block;

namespace Appliance.Router.Tests.Rules;

/// <summary>RuleService over mutual TLS, as its users call it.</summary>
public sealed class RuleGrpcServiceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    [Fact]
    public async Task A_block_is_made_listed_and_lifted()
    {
        var rules = await StartAsync();

        var made = (await rules.CreateBlockAsync(Create("203.0.113.7"))).Block;
        var listed = await rules.ListBlocksAsync(new ListBlocksRequest());
        await rules.DeleteBlockAsync(new DeleteBlockRequest { BlockId = made.Id });

        Assert.Equal([made], listed.Blocks);
        Assert.Equal(("spiffe://home/admin/alice", WireBlock.Types.Enforcement.Rendered), (made.Creator, made.Enforcement));
        Assert.Equal(TimeSpan.FromHours(1), made.ExpireTime.ToDateTimeOffset() - made.CreateTime.ToDateTimeOffset());
        Assert.Equal(Target("203.0.113.7").ToBytes(), made.Address.ToByteArray());
        Assert.Empty((await rules.ListBlocksAsync(new ListBlocksRequest())).Blocks);
    }

    [Fact]
    public async Task Stations_and_rate_limits_are_blocks_too()
    {
        var rules = await StartAsync();

        var station = (await rules.CreateBlockAsync(new CreateBlockRequest { Mac = Bytes("02:00:5e:00:53:01"), Action = WireBlock.Types.Action.Drop })).Block;
        var limit = (await rules.CreateBlockAsync(new CreateBlockRequest { Address = Bytes("2001:db8::5"), Action = WireBlock.Types.Action.RateLimit, Duration = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)) })).Block;

        Assert.Equal(Bytes("02:00:5e:00:53:01"), station.Mac);
        Assert.Equal((100u, WireBlock.Types.Action.RateLimit), (limit.PacketsPerSecond, limit.Action));
    }

    [Fact]
    public async Task Repeating_a_request_id_returns_the_first_block()
    {
        var rules = await StartAsync();
        var request = Create("203.0.113.7");
        request.RequestId = "r1";

        var first = (await rules.CreateBlockAsync(request)).Block;
        var again = (await rules.CreateBlockAsync(request)).Block;

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Bad_requests_are_invalid_arguments()
    {
        var rules = await StartAsync();
        CreateBlockRequest[] bad =
        [
            new() { Action = WireBlock.Types.Action.Drop },
            new() { Address = ByteString.CopyFrom(1, 2, 3), Action = WireBlock.Types.Action.Drop },
            new() { Mac = ByteString.CopyFrom(1, 2, 3), Action = WireBlock.Types.Action.Drop },
            new() { Address = Bytes("203.0.113.7") },
            new() { Address = Bytes("203.0.113.7"), Action = WireBlock.Types.Action.Drop, Duration = Duration.FromTimeSpan(TimeSpan.Zero) },
            new() { Address = Bytes("203.0.113.7"), Action = WireBlock.Types.Action.Drop, Duration = new Duration { Seconds = long.MaxValue } },
            new() { Address = Bytes("203.0.113.7"), Action = WireBlock.Types.Action.RateLimit, PacketsPerSecond = uint.MaxValue },
        ];

        foreach (var request in bad)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => rules.CreateBlockAsync(request).ResponseAsync);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }
    }

    [Fact]
    public async Task A_protected_address_is_a_failed_precondition_that_says_why()
    {
        var rules = await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => rules.CreateBlockAsync(Create("127.0.0.1")).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("127.0.0.0/8 is protected (Loopback", error.Status.Detail);
    }

    [Fact]
    public async Task Blocks_above_the_cap_exhaust_it()
    {
        var rules = await StartAsync(("Router:Blocks:MaxBlocksPerMinute", "1"));
        await rules.CreateBlockAsync(Create("203.0.113.7"));

        var error = await Assert.ThrowsAsync<RpcException>(() => rules.CreateBlockAsync(Create("203.0.113.8")).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Protecting_an_address_lifts_its_block_and_unprotecting_lets_it_be_blocked_again()
    {
        var rules = await StartAsync();
        await rules.CreateBlockAsync(Create("203.0.113.7"));

        var made = (await rules.CreateProtectedAddressAsync(new CreateProtectedAddressRequest { Network = "203.0.113.0/24", Reason = "printers" })).ProtectedAddress;
        var standing = (await rules.ListBlocksAsync(new ListBlocksRequest())).Blocks.Count;
        var refusal = await Assert.ThrowsAsync<RpcException>(() => rules.CreateBlockAsync(Create("203.0.113.7")).ResponseAsync);
        await rules.DeleteProtectedAddressAsync(new DeleteProtectedAddressRequest { ProtectedAddressId = made.Id });
        await rules.CreateBlockAsync(Create("203.0.113.7"));

        Assert.Equal((0, StatusCode.FailedPrecondition), (standing, refusal.StatusCode));
        Assert.Contains("printers", refusal.Status.Detail);
        Assert.False(made.BuiltIn);
    }

    [Fact]
    public async Task Built_in_protected_addresses_are_listed_and_stay()
    {
        var rules = await StartAsync();
        var loopback = (await rules.ListProtectedAddressesAsync(new ListProtectedAddressesRequest { PageSize = 1000 })).ProtectedAddresses.Single(address => address.Network == "127.0.0.0/8");

        var error = await Assert.ThrowsAsync<RpcException>(() => rules.DeleteProtectedAddressAsync(new DeleteProtectedAddressRequest { ProtectedAddressId = loopback.Id }).ResponseAsync);

        Assert.True(loopback.BuiltIn);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
    }

    [Fact]
    public async Task Rules_are_listed_page_by_page_in_their_order()
    {
        var rules = await StartAsync();
        var listed = new List<Rule>();
        var token = "";
        do
        {
            var page = await rules.ListRulesAsync(new ListRulesRequest { PageSize = 5, PageToken = token });
            listed.AddRange(page.Rules);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(RulesetChains.BuiltIn(new FirewallState([], []), KernelFeatures.Least).Select(rule => (rule.Id, rule.Description, rule.Text)), listed.Select(rule => (rule.Id, rule.Name, rule.Text)));
        Assert.Equal(Enumerable.Range(-listed.Count, listed.Count), listed.Select(rule => rule.Order));
        Assert.All(listed, rule => Assert.True(rule.BuiltIn));
        Assert.Equal(
            [Rule.Types.Action.Drop, Rule.Types.Action.Accept],
            new[] { "input-blocked4", "forward-established" }.Select(id => listed.Single(rule => rule.Id == id).Action));
    }

    [Fact]
    public async Task Watching_gives_what_is_there_a_marker_and_then_changes()
    {
        var rules = await StartAsync();
        var first = (await rules.CreateBlockAsync(Create("203.0.113.7"))).Block;
        using var call = rules.WatchRules(new WatchRulesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var snapshot = new List<WatchRulesResponse>();
        do
        {
            snapshot.Add(await NextAsync(call));
        }
        while (snapshot[^1].SnapshotEnd is null);

        var second = (await rules.CreateBlockAsync(Create("203.0.113.8"))).Block;
        await rules.DeleteBlockAsync(new DeleteBlockRequest { BlockId = first.Id });

        Assert.Equal(RulesetChains.BuiltIn(new FirewallState([], []), KernelFeatures.Least).Count, snapshot.Count(change => change.Rule is not null));
        Assert.Equal([first], snapshot.Where(change => change.Block is not null).Select(change => change.Block));
        Assert.Equal(second, (await NextAsync(call)).Block);
        Assert.Equal(first.Id, (await NextAsync(call)).DeletedBlockId);
    }

    [Fact]
    public async Task A_process_that_only_renders_says_so_on_the_health_board()
    {
        await StartAsync();
        var node = new Appliance.Protos.Node.V1.NodeService.NodeServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
        using var call = node.WatchHealth(new Appliance.Protos.Node.V1.WatchHealthRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Appliance.Protos.Node.V1.PartHealth part;
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            part = call.ResponseStream.Current.Health;
        }
        while (part.Part != RulesetKeeper.Part);

        Assert.Equal(Appliance.Protos.Node.V1.PartHealth.Types.State.Degraded, part.State);
        Assert.StartsWith("Rendered only: ", part.Text);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static async Task<WatchRulesResponse> NextAsync(AsyncServerStreamingCall<WatchRulesResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current;
    }

    private static CreateBlockRequest Create(string address) => new() { Address = Bytes(address), Action = WireBlock.Types.Action.Drop };

    private static ByteString Bytes(string text) => ByteString.CopyFrom(Target(text).ToBytes());

    private async Task<RuleService.RuleServiceClient> StartAsync(params (string Key, string? Value)[] settings)
    {
        await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddRules().AddNftables(),
            app => app.MapRoleService<RuleGrpcService>(),
            [("Router:Firewall:Enforce", "rendered"), .. settings]);
        return new RuleService.RuleServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));
    }
}
