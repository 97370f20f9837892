using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Appliance.Hosting.Tests.Health;

public sealed class HealthGrpcServiceTests
{
    private const string NodeService = "appliance.node.v1.NodeService";

    [Theory]
    [InlineData("")]
    [InlineData(NodeService)]
    public async Task Healthy_role_and_its_services_serve(string service)
    {
        await using var site = new TestSite();
        var (_, client) = await StartAsync(site);

        var answer = await client.CheckAsync(new HealthCheckRequest { Service = service });

        Assert.Equal(ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Unknown_service_is_not_found()
    {
        await using var site = new TestSite();
        var (_, client) = await StartAsync(site);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.CheckAsync(new HealthCheckRequest { Service = "appliance.alerts.v1.AlertService" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Theory]
    [InlineData(PartState.Degraded, ServingStatus.Serving)]
    [InlineData(PartState.Failed, ServingStatus.NotServing)]
    public async Task Role_serves_until_a_part_fails(PartState state, ServingStatus expected)
    {
        await using var site = new TestSite();
        var (app, client) = await StartAsync(site);
        app.Services.GetRequiredService<HealthBoard>().Report("store", state, "disk");

        var answer = await client.CheckAsync(new HealthCheckRequest());

        Assert.Equal(expected, answer.Status);
    }

    [Fact]
    public async Task Watch_tells_each_change_at_once()
    {
        await using var site = new TestSite();
        var (app, client) = await StartAsync(site);
        var board = app.Services.GetRequiredService<HealthBoard>();
        using var watch = client.Watch(new HealthCheckRequest { Service = NodeService });

        var first = await NextAsync(watch);
        board.Report("store", PartState.Failed, "disk full");
        var second = await NextAsync(watch);
        board.Report("store", PartState.Healthy, "open");
        var third = await NextAsync(watch);

        Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing, ServingStatus.Serving], [first, second, third]);
    }

    [Fact]
    public async Task Watch_of_an_unknown_service_says_so_and_stays_open()
    {
        await using var site = new TestSite();
        var (_, client) = await StartAsync(site);
        using var watch = client.Watch(new HealthCheckRequest { Service = "nothing" });

        var first = await NextAsync(watch);
        var next = watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.Equal(ServingStatus.ServiceUnknown, first);
        Assert.False(next.IsCompleted);
    }

    private static async Task<(WebApplication App, HealthClient Client)> StartAsync(TestSite site)
    {
        var app = await site.StartAsync(Role.Router, _ => { }, _ => { });
        return (app, new HealthClient(site.Channel(Role.Router, site.Person(PeerKind.Reader))));
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return watch.ResponseStream.Current.Status;
    }
}
