using Appliance.Hosting.Identity;
using Appliance.Hosting.Tests.Probe;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class StoppingStreamsTests
{
    [Fact]
    public async Task Open_watch_ends_when_the_role_stops_and_its_client_is_told_to_come_again()
    {
        await using var site = new TestSite();
        var app = await site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(new ProbeCalls()), app => app.MapRoleService<ProbeTraffic>());
        var client = new TrafficService.TrafficServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));
        using var watch = client.WatchFlows(new WatchFlowsRequest());
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        await app.StopAsync(TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal("STOPPING", error.Reason());
    }

    [Fact]
    public async Task Unary_call_in_flight_is_finished_when_the_role_stops()
    {
        await using var site = new TestSite();
        var inside = new SyncPoint();
        var calls = new ProbeCalls { OnCall = context => inside.ReachAndWaitAsync(context.CancellationToken) };
        var app = await site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(calls), app => app.MapRoleService<ProbeTraffic>());
        var client = new TrafficService.TrafficServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));
        using var call = client.ListFlowsAsync(new ListFlowsRequest());
        await inside.WaitAsync();

        var stopping = app.StopAsync(TestContext.Current.CancellationToken);
        inside.Continue();

        Assert.NotNull(await call);
        await stopping;
    }
}
