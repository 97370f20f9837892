using Appliance.Hosting.Identity;
using Appliance.Hosting.Tests.Probe;
using Appliance.Protos.Alerts.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Authorization;

public sealed class MethodGateTests
{
    private const string Denied = "appliance.calls.denied";

    [Fact]
    public async Task Wrong_kind_is_refused()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, new ProbeCalls());
        using var readings = new MeterReadings(app.Services);
        var client = new TrafficService.TrafficServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Subscriber)));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ListFlowsAsync(new ListFlowsRequest()));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Equal("CALLER_NOT_ALLOWED", error.Reason());
        Assert.Contains("spiffe://home/subscriber/alice may not call appliance.traffic.v1.TrafficService/ListFlows; it takes reader or above", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1, readings.Sum(Denied, "CallerNotAllowed"));
    }

    [Fact]
    public async Task Lesser_kind_is_refused()
    {
        await using var site = new TestSite();
        await StartAsync(site, new ProbeCalls());
        var client = new RuleService.RuleServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.CreateBlockAsync(new CreateBlockRequest()));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Equal("CALLER_NOT_ALLOWED", error.Reason());
    }

    [Fact]
    public async Task Node_of_the_wrong_role_is_refused()
    {
        await using var site = new TestSite();
        var calls = new ProbeCalls();
        await StartAsync(site, calls);
        var client = new TrafficService.TrafficServiceClient(site.Channel(Role.Router, site.Node(Role.Bmc)));

        using var watch = client.WatchFlows(new WatchFlowsRequest());
        var error = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Empty(calls.Callers);
    }

    [Fact]
    public async Task Node_of_the_right_role_is_let_through_under_its_own_name()
    {
        await using var site = new TestSite();
        var calls = new ProbeCalls();
        await StartAsync(site, calls);
        var client = new TrafficService.TrafficServiceClient(site.Channel(Role.Router, site.Node(Role.Detector)));

        using var watch = client.WatchFlows(new WatchFlowsRequest());
        var hasBatch = await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.True(hasBatch);
        Assert.Equal(PeerIdentity.OfNode("home", "node1", Role.Detector), Assert.Single(calls.Callers));
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Served_method_that_the_table_does_not_list_is_refused_even_to_an_admin(MethodType kind)
    {
        await using var site = new TestSite();
        var isReached = false;
        var app = await StartAsync(site, new ProbeCalls { OnCall = _ => Task.FromResult(isReached = true) });
        using var readings = new MeterReadings(app.Services);
        var invoker = site.Channel(Role.Router, site.Person(PeerKind.Admin)).CreateCallInvoker();

        var error = await Assert.ThrowsAsync<RpcException>(() => ProbeMethods.CallAsync(invoker, kind, TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Equal("METHOD_NOT_LISTED", error.Reason());
        Assert.False(isReached);
        Assert.Equal(1, readings.Sum(Denied, "MethodNotListed"));
    }

    [Fact]
    public async Task Listed_method_of_another_role_is_not_served_here()
    {
        await using var site = new TestSite();
        await StartAsync(site, new ProbeCalls());
        var client = new AlertService.AlertServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Operator)));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.AcknowledgeAlertAsync(new AcknowledgeAlertRequest()));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Equal("METHOD_NOT_SERVED", error.Reason());
    }

    [Fact]
    public async Task Refusal_comes_before_the_body_has_been_sent()
    {
        await using var site = new TestSite();
        await StartAsync(site, new ProbeCalls());
        using var http = new HttpClient(site.Handler(site.Person(PeerKind.Reader)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(site.Address(Role.Router), "appliance.rules.v1.RuleService/CreateBlock"))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new EndlessContent(),
        };

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken);

        Assert.Equal("7", Assert.Single(response.Headers.GetValues("grpc-status")));
    }

    private static Task<WebApplication> StartAsync(TestSite site, ProbeCalls calls) => site.StartAsync(
        Role.Router,
        builder => builder.Services.AddSingleton(calls).AddSingleton(calls.OnCall),
        app =>
        {
            app.MapRoleService<ProbeTraffic>();
            app.MapRoleService<ProbeService>();
        });
}
