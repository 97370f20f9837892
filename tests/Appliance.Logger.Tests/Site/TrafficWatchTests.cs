using Appliance.Hosting;
using Appliance.Logger.Site;
using Appliance.Logger.Tests.Alerts;
using Appliance.Logger.Tests.Fanout;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Site;

public sealed class TrafficWatchTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly LoggerHost _logger;

    public TrafficWatchTests() => _logger = new LoggerHost(_site, ("Logger:Mqtt:Port", "0"), ("Logger:Mqtt:ListenAddress", "127.0.0.1"));

    [Fact]
    public async Task Points_come_in_and_go_on_after_the_stream_broke()
    {
        var router = new ShortStreams();
        await _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(router), app => app.MapRoleService<ShortStreams>());

        await _logger.StartAsync();
        await router.Third.WaitAsync();

        var points = _logger.Services.GetRequiredService<TrafficPoints>().Snapshot;
        Assert.Equal([100.0, 200.0], points.Take(2).Select(point => point.PacketsPerSecond));
        Assert.Equal(Samples.Start.AddSeconds(1), points[0].Time);
    }

    public async ValueTask DisposeAsync()
    {
        await _logger.DisposeAsync();
        await _site.DisposeAsync();
    }

    /// <summary>Sends one point a call and ends; the third call stays open.</summary>
    private sealed class ShortStreams : TrafficService.TrafficServiceBase
    {
        private int _calls;

        public SyncPoint Third { get; } = new();

        public override async Task WatchTraffic(WatchTrafficRequest request, IServerStreamWriter<WatchTrafficResponse> responseStream, ServerCallContext context)
        {
            int call = Interlocked.Increment(ref _calls);
            if (call > 2)
            {
                await Third.ReachAndWaitAsync(context.CancellationToken);
            }

            await responseStream.WriteAsync(new WatchTrafficResponse
            {
                Summary = new TrafficSummary { Time = Timestamp.FromDateTimeOffset(Samples.Start.AddSeconds(call)), PacketsPerSecond = 100 * call },
            });
        }
    }
}
