using Appliance.Hosting.Errors;
using Appliance.Protos.Metrics.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Hosting.Metrics;

/// <summary>MetricsService: the role's metrics, for those who can't or won't scrape.</summary>
internal sealed class MetricsGrpcService(MetricRegistry registry, TimeProvider clock) : MetricsService.MetricsServiceBase
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1);

    public override Task<ListMetricsResponse> ListMetrics(ListMetricsRequest request, ServerCallContext context)
    {
        var (time, metrics) = Read(request.NamePrefix);
        return Task.FromResult(new ListMetricsResponse { Time = time, Metrics = { metrics } });
    }

    public override async Task WatchMetrics(WatchMetricsRequest request, IServerStreamWriter<WatchMetricsResponse> responseStream, ServerCallContext context)
    {
        // No tick is queued while a slow reader holds the write: it gets fewer readings, never old ones.
        using var timer = new PeriodicTimer(IntervalOf(request.Interval), clock);
        do
        {
            var (time, metrics) = Read(request.NamePrefix);
            await responseStream.WriteAsync(new WatchMetricsResponse { Time = time, Metrics = { metrics } }, context.CancellationToken);
        }
        while (await timer.WaitForNextTickAsync(context.CancellationToken));
    }

    private (Timestamp Time, IEnumerable<Protos.Metrics.V1.Metric> Metrics) Read(string prefix)
    {
        var time = Timestamp.FromDateTimeOffset(clock.GetUtcNow());
        return (time, MetricWire.Families(registry.Read(MetricWire.ToWire), prefix));
    }

    private static TimeSpan IntervalOf(Duration? asked)
    {
        if (asked is null)
        {
            return DefaultInterval;
        }

        // Checked in its own form: one that is out of range or not normalized can't be converted.
        var seconds = asked.Seconds + (asked.Nanos / 1e9);
        return asked.Nanos is >= 0 and < 1_000_000_000 && seconds >= MinInterval.TotalSeconds && seconds <= MaxInterval.TotalSeconds
            ? asked.ToTimeSpan()
            : throw new InvalidInputException("interval", $"is {asked.Seconds} s {asked.Nanos} ns; give {MinInterval.TotalSeconds} s to {MaxInterval.TotalHours} hour, or nothing for {DefaultInterval.TotalSeconds} s");
    }
}
