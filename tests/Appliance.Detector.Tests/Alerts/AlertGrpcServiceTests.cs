using Appliance.Detector.Alerts;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Alerts.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Severity = Appliance.Protos.Alerts.V1.Severity;

namespace Appliance.Detector.Tests.Alerts;

[Trait("Category", "Slow")]
public sealed class AlertGrpcServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watcher_gets_what_is_there_the_marker_and_what_is_raised()
    {
        await using var site = new TestSite();
        var store = await StartAsync(site);
        store.Save([Findings.Alert()], null);
        using var call = Client(site, site.Node(Role.Router)).WatchAlerts(new WatchAlertsRequest(), cancellationToken: Token);

        var alert = (await NextAsync(call)).Alert;
        var marker = await NextAsync(call);
        store.Save([Findings.Alert("192.168.1.67")], null);
        var raised = (await NextAsync(call)).Alert;

        Assert.Equal((1UL, Category.Scan, Severity.Medium, "192.168.1.66", "tcp/23"), (alert.Revision, alert.Category, alert.Severity, alert.Source, alert.Service));
        Assert.Equal("0200c0a80142", Convert.ToHexStringLower(alert.SourceMac.Span));
        Assert.Equal((["192.168.1.10"], "5 of 4", "T1046"), (alert.Destinations, alert.Explanations[0].Text, alert.Technique));
        Assert.NotNull(marker.SnapshotEnd);
        Assert.Equal("192.168.1.67", raised.Source);
    }

    [Fact]
    public async Task Acknowledgement_names_the_caller_and_reaches_watchers()
    {
        await using var site = new TestSite();
        var store = await StartAsync(site);
        var alert = Findings.Alert();
        store.Save([alert], null);

        var response = await Client(site, site.Person(PeerKind.Operator)).AcknowledgeAlertAsync(new AcknowledgeAlertRequest { AlertId = alert.Id }, cancellationToken: Token);

        Assert.Equal(("spiffe://home/operator/alice", 2UL), (response.Alert.Acknowledger, response.Alert.Revision));
        Assert.NotNull(response.Alert.AcknowledgeTime);
    }

    [Theory]
    [InlineData("01ARYZ6S410000000000000000", StatusCode.NotFound)]
    [InlineData("nonsense", StatusCode.InvalidArgument)]
    [InlineData("", StatusCode.InvalidArgument)]
    public async Task Acknowledging_what_is_not_there_says_so(string id, StatusCode expected)
    {
        await using var site = new TestSite();
        await StartAsync(site);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, site.Person(PeerKind.Operator)).AcknowledgeAlertAsync(new AcknowledgeAlertRequest { AlertId = id }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task Reader_cannot_acknowledge()
    {
        await using var site = new TestSite();
        var store = await StartAsync(site);
        var alert = Findings.Alert();
        store.Save([alert], null);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, site.Person(PeerKind.Reader)).AcknowledgeAlertAsync(new AcknowledgeAlertRequest { AlertId = alert.Id }, cancellationToken: Token).ResponseAsync);

        Assert.Equal((StatusCode.PermissionDenied, 1L), (error.StatusCode, store.LastRevision));
    }

    [Fact]
    public async Task Watch_over_a_restart_misses_and_repeats_nothing()
    {
        await using var site = new TestSite();
        var app = await StartAppAsync(site);
        app.Services.GetRequiredService<AlertStore>().Save([Findings.Alert("192.168.1.1"), Findings.Alert("192.168.1.2")], null);
        await app.StopAsync(Token);
        var store = await StartAsync(site);
        store.Save([Findings.Alert("192.168.1.3")], null);

        using var call = Client(site, site.Node(Role.Logger)).WatchAlerts(new WatchAlertsRequest { AfterRevision = 1 }, cancellationToken: Token);

        Assert.Equal(["192.168.1.2", "192.168.1.3"], [(await NextAsync(call)).Alert.Source, (await NextAsync(call)).Alert.Source]);
        Assert.NotNull((await NextAsync(call)).SnapshotEnd);
    }

    [Fact]
    public async Task Watcher_that_stops_reading_is_cut_off()
    {
        await using var site = new TestSite();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var ended = new TaskCompletionSource();
        var app = await site.StartAsync(
            Role.Detector,
            builder => builder.AddDetector().Services.AddSingleton<TimeProvider>(clock),
            app =>
            {
                app.Use(async (_, next) =>
                {
                    await next();
                    ended.TrySetResult();
                });
                app.MapDetector();
            });
        var store = app.Services.GetRequiredService<AlertStore>();
        var large = new string('x', 500_000);
        store.Save([.. Enumerable.Range(1, 40).Select(i => Findings.Alert($"192.168.1.{i}") with { Detector = large })], null);

        using var call = Client(site, site.Person(PeerKind.Reader)).WatchAlerts(new WatchAlertsRequest(), cancellationToken: Token);
        await call.ResponseHeadersAsync;
        while (!ended.Task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => ReadToEndAsync(call));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    private static async Task<AlertStore> StartAsync(TestSite site) => (await StartAppAsync(site)).Services.GetRequiredService<AlertStore>();

    private static Task<WebApplication> StartAppAsync(TestSite site, params (string Key, string? Value)[] settings) => site.StartAsync(
        Role.Detector, builder => builder.AddDetector(), app => app.MapDetector(), settings);

    private static AlertService.AlertServiceClient Client(TestSite site, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        new(site.Channel(Role.Detector, certificate));

    private static async Task<WatchAlertsResponse> NextAsync(AsyncServerStreamingCall<WatchAlertsResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        return call.ResponseStream.Current;
    }

    private static async Task ReadToEndAsync(AsyncServerStreamingCall<WatchAlertsResponse> call)
    {
        await foreach (var _ in call.ResponseStream.ReadAllAsync(Token))
        {
        }
    }
}
