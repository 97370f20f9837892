using Appliance.Hosting.Authorization;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Tests.Probe;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Clients;

public sealed class PeerChannelsTests
{
    // Against a hang only.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Node_calls_another_with_its_own_certificate()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, _ => { }, _ => { });
        var channels = await StartClientAsync(site);

        var answer = await new NodeService.NodeServiceClient(channels.To(Role.Router)).GetNodeAsync(new GetNodeRequest());

        Assert.Equal("router", answer.Node.Role);
    }

    [Fact]
    public async Task Server_of_another_role_is_refused()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Logger, _ => { }, _ => { });
        var channels = await StartClientAsync(site, ("Peers:Router", site.Address(Role.Logger).ToString()));

        await AssertUnreachedAsync(channels);
    }

    [Fact]
    public async Task Server_of_another_authority_of_the_same_name_is_refused()
    {
        await using var site = new TestSite();
        await using var other = new TestSite();
        await other.StartAsync(Role.Router, _ => { }, _ => { });
        var channels = await StartClientAsync(site, ("Peers:Router", other.Address(Role.Router).ToString()));

        await AssertUnreachedAsync(channels);
    }

    [Fact]
    public async Task Call_that_was_not_carried_out_is_tried_again()
    {
        await using var site = new TestSite();
        var attempts = 0;
        await site.StartAsync(Role.Router, _ => { }, app => app.Use((context, next) => Interlocked.Increment(ref attempts) < 3
            ? TrailersOnly.WriteAsync(context.Response, ErrorStatus.Of(Code.Unavailable, "STARTING", "The role is starting."))
            : next(context)));
        var channels = await StartClientAsync(site);

        var answer = await new NodeService.NodeServiceClient(channels.To(Role.Router)).GetNodeAsync(new GetNodeRequest());

        Assert.Equal("router", answer.Node.Role);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Call_that_failed_for_good_is_not_tried_again()
    {
        await using var site = new TestSite();
        var attempts = 0;
        await site.StartAsync(Role.Router, _ => { }, app => app.Use((HttpContext context, RequestDelegate next) =>
        {
            attempts++;
            return TrailersOnly.WriteAsync(context.Response, ErrorStatus.Of(Code.Internal, "INTERNAL", "Broken."));
        }));
        var channels = await StartClientAsync(site);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await new NodeService.NodeServiceClient(channels.To(Role.Router)).GetNodeAsync(new GetNodeRequest()));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Unary_call_without_a_deadline_gets_one()
    {
        await using var site = new TestSite();
        var held = new SyncPoint();
        await site.StartAsync(Role.Router, _ => { }, app => app.Use((HttpContext context, RequestDelegate _) => held.ReachAndWaitAsync(context.RequestAborted)));
        var channels = await StartClientAsync(site, ("Peers:CallDeadline", "00:00:00.300"));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await new NodeService.NodeServiceClient(channels.To(Role.Router)).GetNodeAsync(new GetNodeRequest()));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Stream_gets_no_deadline()
    {
        await using var site = new TestSite();
        var deadline = new TaskCompletionSource<string?>();
        await site.StartAsync(Role.Router, _ => { }, app => app.Use((context, next) =>
        {
            deadline.SetResult(context.Request.Headers["grpc-timeout"]);
            return next(context);
        }));
        var channels = await StartClientAsync(site);

        using var watch = new Grpc.Health.V1.Health.HealthClient(channels.To(Role.Router)).Watch(new HealthCheckRequest());
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.Null(await deadline.Task);
    }

    [Fact]
    public async Task Stream_is_resumed_at_its_cursor_when_the_peer_has_restarted()
    {
        await using var site = new TestSite();
        var calls = new ProbeCalls();
        var first = await StartTrafficAsync(site, calls);
        var client = await site.StartAsync(Role.Detector, _ => { }, _ => { });
        var reader = new ProbeReader(client.Services.GetRequiredService<PeerChannels>());
        using var ending = new CancellationTokenSource();
        var loop = client.Services.GetRequiredService<WatchLoop>().RunAsync("router flows", reader.WatchAsync, ending.Token);
        await reader.WaitForAsync(1);

        await first.StopAsync(TestContext.Current.CancellationToken);
        await StartTrafficAsync(site, calls);

        await reader.WaitForAsync(2);
        Assert.Equal([null, 1UL], calls.Cursors);
        await ending.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task Calls_that_run_at_a_peer_end_with_its_certificate_and_none_is_begun()
    {
        await using var site = new TestSite();
        var router = await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = await site.StartAsync(Role.Bmc, _ => { }, _ => { });
        var channels = client.Services.GetRequiredService<PeerChannels>();
        using var watch = new Grpc.Health.V1.Health.HealthClient(channels.To(Role.Router)).Watch(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        var next = watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        client.Services.GetRequiredService<RevocationList>().TryAdd([RevocationList.SerialOf(router.Services.GetRequiredService<NodeCredentials>().Current.Certificate)]);

        await Assert.ThrowsAsync<RpcException>(() => next.WaitAsync(Guard, TestContext.Current.CancellationToken));
        await AssertUnreachedAsync(channels);
    }

    [Fact]
    public async Task Revocation_of_another_certificate_leaves_a_call_as_it_is()
    {
        await using var site = new TestSite();
        var router = await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = await site.StartAsync(Role.Bmc, _ => { }, _ => { });
        var health = new NodeService.NodeServiceClient(client.Services.GetRequiredService<PeerChannels>().To(Role.Router));
        using var watch = health.WatchHealth(new WatchHealthRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        client.Services.GetRequiredService<RevocationList>().TryAdd(["41"]);
        router.Services.GetRequiredService<HealthBoard>().Report("later", PartState.Degraded, "slow");

        while (watch.ResponseStream.Current.Health?.Part != "later")
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        }
    }

    private static Task<WebApplication> StartTrafficAsync(TestSite site, ProbeCalls calls) =>
        site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(calls), app => app.MapRoleService<ProbeTraffic>());

    // A bmc node: GetNode is the one unary method besides health that the table opens to a node.
    private static async Task<PeerChannels> StartClientAsync(TestSite site, params (string Key, string? Value)[] settings) =>
        (await site.StartAsync(Role.Bmc, _ => { }, _ => { }, settings)).Services.GetRequiredService<PeerChannels>();

    private static async Task AssertUnreachedAsync(PeerChannels channels)
    {
        var client = new NodeService.NodeServiceClient(channels.To(Role.Router));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.GetNodeAsync(new GetNodeRequest()));

        Assert.Contains(error.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal });
        Assert.Null(error.GetRpcStatus());
    }
}
