using System.Threading.Channels;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Alerts.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WireBlock = Appliance.Protos.Rules.V1.Block;

namespace Appliance.Router.Tests.Response;

/// <summary>From an alert of another node to the kernel's set, over mutual TLS.</summary>
public sealed class AlertClientTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly Channel<Alert> _alerts = Channel.CreateUnbounded<Alert>();
    private readonly List<ulong> _asked = [];
    private readonly string _namespace = NamespaceName.New();

    [Fact]
    public async Task An_alert_becomes_a_block_in_the_kernel_that_names_it()
    {
        TestNamespace.SkipUnlessPossible();
        await StartDetectorAsync();
        await StartRouterAsync(("Router:Firewall:Enforce", "kernel"), ("Router:Firewall:Namespace", _namespace));
        using var watch = await WatchAsync();

        await _alerts.Writer.WriteAsync(Scan(1, "203.0.113.7"));
        var block = (await NextAsync(watch)).Block;

        Assert.Equal((Id(1), WireBlock.Types.Enforcement.Active, "response"), (block.AlertId, block.Enforcement, block.Creator));
        Assert.Contains("203.0.113.7 timeout ", Command.Run("/usr/sbin/ip", "netns", "exec", _namespace, NftProgram.NftPath, "list", "set", "inet", "appliance", "blocked4"));
    }

    [Fact]
    public async Task A_router_that_was_away_asks_behind_what_it_answered_and_answers_what_is_not_too_old()
    {
        var now = TimeProvider.System.GetUtcNow();
        await StartDetectorAsync(Scan(5, "203.0.113.5", now - TimeSpan.FromDays(1)), Scan(6, "203.0.113.6", now - TimeSpan.FromMinutes(1)));
        var first = await StartRouterAsync();
        using var watch = await WatchAsync();
        await _alerts.Writer.WriteAsync(Scan(7, "203.0.113.7"));
        while ((await NextAsync(watch)).Block?.AlertId != Id(7))
        {
        }

        watch.Dispose();
        await first.StopAsync(CancellationToken.None);
        await first.DisposeAsync();
        await StartRouterAsync();
        using var again = await WatchAsync();
        await _alerts.Writer.WriteAsync(Scan(8, "203.0.113.8"));
        await NextAsync(again);

        var blocks = await Rules().ListBlocksAsync(new ListBlocksRequest());
        Assert.Equal([0ul, 7ul], _asked);
        Assert.Equal([Id(6), Id(7), Id(8)], blocks.Blocks.Select(block => block.AlertId).Order(StringComparer.Ordinal));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static string Id(int revision) => $"01JDETECTEDALERT000000{revision:0000}";

    private static Alert Scan(int revision, string source, DateTimeOffset? seen = null) => new()
    {
        Id = Id(revision),
        Revision = (ulong)revision,
        Time = Timestamp.FromDateTimeOffset(seen ?? TimeProvider.System.GetUtcNow()),
        Category = Category.Scan,
        Severity = Severity.High,
        Source = source,
        Confidence = 0.99,
        SourceConfirmed = true,
        Evidence = new Evidence { LastTime = Timestamp.FromDateTimeOffset(seen ?? TimeProvider.System.GetUtcNow()) },
    };

    private static async Task<WatchRulesResponse> NextAsync(AsyncServerStreamingCall<WatchRulesResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current;
    }

    private Task<Microsoft.AspNetCore.Builder.WebApplication> StartDetectorAsync(params Alert[] before) => _site.StartAsync(
        Role.Detector,
        builder => builder.Services.AddSingleton(new ScriptedAlerts(_alerts, before, _asked)),
        app => app.MapRoleService<ScriptedAlerts>());

    private Task<Microsoft.AspNetCore.Builder.WebApplication> StartRouterAsync(params (string Key, string? Value)[] settings) => _site.StartAsync(
        Role.Router,
        builder => builder.Services.AddRules().AddNftables().AddResponse(),
        app => app.MapRoleService<RuleGrpcService>(),
        [("Router:Response:Mode", "enforce"), ("Router:Firewall:Enforce", "rendered"), .. settings]);

    private RuleService.RuleServiceClient Rules() => new(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));

    /// <summary>A watch of the rules, read up to its marker; blocks of the snapshot are passed over.</summary>
    private async Task<AsyncServerStreamingCall<WatchRulesResponse>> WatchAsync()
    {
        var call = Rules().WatchRules(new WatchRulesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        while ((await NextAsync(call)).SnapshotEnd is null)
        {
        }

        return call;
    }
}
