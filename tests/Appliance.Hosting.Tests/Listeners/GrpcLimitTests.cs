using Appliance.Hosting.Identity;
using Appliance.Hosting.Tests.Probe;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class GrpcLimitTests
{
    [Fact]
    public async Task Message_over_the_bound_is_refused()
    {
        await using var site = new TestSite();
        await site.StartAsync(
            Role.Router,
            builder => builder.Services.AddSingleton(new ProbeCalls()),
            app => app.MapRoleService<ProbeTraffic>(),
            ("Node:MaxMessageBytes", "65536"));
        var client = new TrafficService.TrafficServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ListFlowsAsync(new ListFlowsRequest { PageToken = new string('x', 65536) }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Bounds_of_connections_and_of_their_calls_are_those_configured()
    {
        await using var site = new TestSite();
        await using var app = site.Builder(Role.Router, ("Node:MaxStreamsPerConnection", "7"), ("Node:MaxConnections", "9")).Build();

        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal((7, 9L), (limits.Http2.MaxStreamsPerConnection, limits.MaxConcurrentConnections));
    }
}
