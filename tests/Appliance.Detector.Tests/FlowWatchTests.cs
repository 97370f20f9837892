using System.Threading.Channels;
using Appliance.Detector.Alerts;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Alerts.V1;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Type = Appliance.Protos.Traffic.V1.FlowEvent.Types.Kind;

namespace Appliance.Detector.Tests;

/// <summary>The whole role against a Router's stream, over mutual TLS.</summary>
public sealed class FlowWatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scan_in_the_routers_stream_reaches_a_watcher()
    {
        await using var site = new TestSite();
        var router = new ScriptedRouter();
        await StartRouterAsync(site, router);
        await site.StartAsync(Role.Detector, builder => builder.AddDetector(), app => app.MapDetector());
        using var call = new AlertService.AlertServiceClient(site.Channel(Role.Detector, site.Node(Role.Router)))
            .WatchAlerts(new WatchAlertsRequest(), cancellationToken: Token);

        router.Send(Probes(5));

        var alert = await FirstAlertAsync(call);
        Assert.Equal((Protos.Alerts.V1.Category.Scan, "192.0.2.66", "0a0b0c0d0e0f"), (alert.Category, alert.Source, Convert.ToHexStringLower(alert.SourceMac.Span)));
    }

    [Fact]
    public async Task Stream_that_breaks_is_taken_up_behind_the_last_event()
    {
        await using var site = new TestSite();
        var router = new ScriptedRouter();
        await StartRouterAsync(site, router);
        await site.StartAsync(Role.Detector, builder => builder.AddDetector(), app => app.MapDetector());
        Assert.Null(await router.NextCursorAsync(Token));

        router.Send(Probes(2));
        router.Break();

        var cursor = await router.NextCursorAsync(Token);
        Assert.Equal(("epoch-1", 4UL), (cursor?.Epoch, cursor?.Sequence));
    }

    private static Task<WebApplication> StartRouterAsync(TestSite site, ScriptedRouter router) => site.StartAsync(
        Role.Router, builder => builder.Services.AddSingleton(router), app => app.MapRoleService<ScriptedTraffic>());

    private static async Task<Protos.Alerts.V1.Alert> FirstAlertAsync(AsyncServerStreamingCall<WatchAlertsResponse> call)
    {
        await foreach (var response in call.ResponseStream.ReadAllAsync(Token))
        {
            if (response.Alert is { } alert)
            {
                return alert;
            }
        }

        throw new InvalidOperationException("The stream ended without an alert.");
    }

    private static WatchFlowsResponse Probes(int count)
    {
        var response = new WatchFlowsResponse { Cursor = new Cursor { Epoch = "epoch-1", Sequence = (ulong)count * 2 } };
        for (var i = 0; i < count; i++)
        {
            foreach (var kind in (Type[])[Type.Began, Type.Refused])
            {
                response.Events.Add(new Protos.Traffic.V1.FlowEvent
                {
                    Sequence = (ulong)response.Events.Count + 1,
                    Kind = kind,
                    Time = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56)),
                    Flow = new Protos.Traffic.V1.Flow
                    {
                        Source = ByteString.CopyFrom(192, 0, 2, 66),
                        Destination = ByteString.CopyFrom(192, 0, 2, 10),
                        SourcePort = 40_000,
                        DestinationPort = (uint)(i + 1),
                        Protocol = 6,
                        SourceMac = ByteString.CopyFrom(10, 11, 12, 13, 14, 15),
                        PacketsOutCount = 1,
                        TcpFlagsOut = 2,
                    },
                });
            }
        }

        return response;
    }

    /// <summary>What the test has the Router send.</summary>
    private sealed class ScriptedRouter
    {
        private readonly Channel<WatchFlowsResponse?> _script = Channel.CreateUnbounded<WatchFlowsResponse?>();
        private readonly Channel<Cursor?> _cursors = Channel.CreateUnbounded<Cursor?>();

        public void Send(WatchFlowsResponse response) => _script.Writer.TryWrite(response);

        public void Break() => _script.Writer.TryWrite(null);

        public async Task<Cursor?> NextCursorAsync(CancellationToken token) => await _cursors.Reader.ReadAsync(token);

        public async Task PlayAsync(Cursor? cursor, IServerStreamWriter<WatchFlowsResponse> stream, CancellationToken token)
        {
            _cursors.Writer.TryWrite(cursor);
            while (await _script.Reader.ReadAsync(token) is { } response)
            {
                await stream.WriteAsync(response, token);
            }

            throw new InvalidOperationException("Scripted failure.");
        }
    }

    private sealed class ScriptedTraffic(ScriptedRouter router) : TrafficService.TrafficServiceBase
    {
        public override Task WatchFlows(WatchFlowsRequest request, IServerStreamWriter<WatchFlowsResponse> responseStream, ServerCallContext context) =>
            router.PlayAsync(request.Cursor, responseStream, context.CancellationToken);
    }
}
