using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Figures of the feeds for <c>/metrics</c>, by feed id: there are no more of them than <see cref="FeedOptions.MaxFeeds"/>.</summary>
internal sealed class FeedMeter(IMeterFactory meters, RunningRole running, FeedStore store, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableGauge("appliance.router.feed.entries", () => store.All.Select(feed => Of(feed.Id, feed.Status.Entries)), "{entry}", "Addresses and networks of a feed, merged.");
        meter.CreateObservableGauge("appliance.router.feed.names", () => store.All.Select(feed => Of(feed.Id, feed.Status.Names)), "{name}", "Names of a feed in hosts format.");
        meter.CreateObservableGauge("appliance.router.feed.age", ReadAges, "s", "Time since a feed's source last confirmed what is in force.");
        meter.CreateObservableGauge("appliance.router.feed.rejected_lines", () => store.All.Select(feed => Of(feed.Id, feed.Status.RejectedLines)), "{line}", "Lines of a feed that could not be taken.");
        meter.CreateObservableCounter("appliance.router.feed.dropped_packets", () => store.ReadDrops().Select(drops => Of(drops.FeedId, drops.Packets)), "{packet}", "Packets dropped for being from or to an entry of a feed.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<double>> ReadAges() => store.All
        .Where(feed => feed.Status.FetchTime is not null)
        .Select(feed => Of(feed.Id, (clock.GetUtcNow() - feed.Status.FetchTime!.Value).TotalSeconds));

    private static Measurement<T> Of<T>(string feedId, T value)
        where T : struct => new(value, new KeyValuePair<string, object?>("feed", feedId));
}
