using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Logger.Alerts;
using Appliance.Protos.Traffic.V1;
using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Site;

/// <summary>Follows the Router's rates, once a second.</summary>
internal sealed class TrafficWatch(PeerChannels peers, WatchLoop loop, TrafficPoints points) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("router traffic", PullAsync, stoppingToken);

    private async Task PullAsync(CancellationToken token)
    {
        using var call = new TrafficService.TrafficServiceClient(peers.To(Role.Router)).WatchTraffic(new WatchTrafficRequest(), cancellationToken: token);
        while (await call.ResponseStream.MoveNext(token))
        {
            var summary = call.ResponseStream.Current.Summary;
            if (WireTime.TryRead(summary?.Time, out var time))
            {
                points.Add(Read(time, summary!));
            }
        }
    }

    private static TrafficPoint Read(DateTimeOffset time, TrafficSummary summary) => new(
        time,
        summary.PacketsPerSecond,
        summary.BitsPerSecond,
        (long)summary.ActiveFlowsCount,
        (long)summary.PacketsCount,
        (long)summary.DroppedPacketsCount);
}
