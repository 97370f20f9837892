using System.Diagnostics.Metrics;
using Appliance.Hosting.Identity;
using Appliance.Protos.Metrics.V1;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Metrics;

// OpenTelemetry takes meters by their name from the whole process: a role's host that another test runs beside would count into this one.
[CollectionDefinition(nameof(MetricsGrpcServiceTests), DisableParallelization = true)]
[Collection(nameof(MetricsGrpcServiceTests))]
public sealed class MetricsGrpcServiceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    private MetricsService.MetricsServiceClient Client => new(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));

    [Fact]
    public async Task Service_and_scrape_agree_metric_by_metric_and_label_by_label()
    {
        var app = await StartAsync();
        MeasureEverything(Meter(app));

        var before = await Client.ListMetricsAsync(new ListMetricsRequest());
        var scrape = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(app));
        var after = await Client.ListMetricsAsync(new ListMetricsRequest());

        Assert.Equal([], MetricComparison.Differences(before.Metrics, scrape, after.Metrics));
        Assert.Superset(
            new HashSet<string> { "test_frames_total", "test_sent_bytes_total", "test_wait_seconds", "test_load", "test_depth", "test_rate_bytes_per_second" },
            after.Metrics.Select(metric => metric.Name).ToHashSet());
    }

    [Fact]
    public async Task Cached_scrape_stands_still_while_the_service_goes_on()
    {
        var app = await StartAsync(metrics => metrics.ScrapeResponseCacheDurationMilliseconds = int.MaxValue);
        var frames = Meter(app).CreateCounter<long>("test.frames");
        frames.Add(1);
        var first = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(app));

        frames.Add(1);
        var second = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(app));
        var listed = await Client.ListMetricsAsync(new ListMetricsRequest { NamePrefix = "test_frames" });

        var key = PrometheusText.Key("test_frames_total", ["otel_scope_name=Appliance.Router"]);
        Assert.Equal((1, 1), (first.Values[key], second.Values[key]));
        Assert.Equal(2, Assert.Single(Assert.Single(listed.Metrics).Samples).Value);
    }

    [Fact]
    public async Task Prefix_selects_by_the_name_of_the_scrape()
    {
        var app = await StartAsync();
        MeasureEverything(Meter(app));

        var listed = await Client.ListMetricsAsync(new ListMetricsRequest { NamePrefix = "test_s" });

        var sent = Assert.Single(listed.Metrics);
        Assert.Equal(("test_sent_bytes_total", "By", "Bytes sent.", Metric.Types.Kind.Counter), (sent.Name, sent.Unit, sent.Description, sent.Kind));
        Assert.Equal(["", "up"], sent.Samples.Select(sample => sample.Labels.GetValueOrDefault("way_out", "")).Order());
    }

    [Fact]
    public async Task Watch_sends_all_at_once_and_again_each_interval()
    {
        var app = await StartAsync();
        var frames = Meter(app).CreateCounter<long>("test.frames");
        frames.Add(1);
        using var watch = Client.WatchMetrics(new WatchMetricsRequest { NamePrefix = "test_", Interval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });

        var first = await NextAsync(watch);
        frames.Add(1);
        var second = await NextAsync(watch);

        Assert.Equal((1, 2), (first.Metrics[0].Samples[0].Value, second.Metrics[0].Samples[0].Value));
        Assert.True(second.Time.ToDateTimeOffset() > first.Time.ToDateTimeOffset());
    }

    [Theory]
    [InlineData(0, 999_999_999)]
    [InlineData(3600, 1)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(2, -1)]
    public async Task Interval_out_of_bounds_is_refused_by_name(long seconds, int nanos)
    {
        await StartAsync();
        using var watch = Client.WatchMetrics(new WatchMetricsRequest { Interval = new Duration { Seconds = seconds, Nanos = nanos } });

        var error = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("interval", error.Status.Detail, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static Meter Meter(WebApplication app) => app.Services.GetRequiredService<IMeterFactory>().Create("Appliance.Router");

    private static void MeasureEverything(Meter meter)
    {
        meter.CreateCounter<long>("test.frames", "{frame}", "Frames seen.").Add(3, new KeyValuePair<string, object?>("reason", "a \"quoted\" \\ one"));
        var sent = meter.CreateCounter<double>("test.sent", "By", "Bytes sent.");
        sent.Add(1.5);
        sent.Add(2.25, new KeyValuePair<string, object?>("way.out", "up"));
        meter.CreateUpDownCounter<long>("test.depth").Add(-4);
        meter.CreateGauge<double>("test.load", "1").Record(0.1 + 0.2);
        meter.CreateObservableGauge("test.rate", () => 12, "By/s", "Bytes a second.");
        var wait = meter.CreateHistogram<double>("test.wait", "s", "Time waited.");
        wait.Record(0.003);
        wait.Record(70);
    }

    private static async Task<WatchMetricsResponse> NextAsync(AsyncServerStreamingCall<WatchMetricsResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return watch.ResponseStream.Current;
    }

    private Task<WebApplication> StartAsync(Action<OpenTelemetry.Exporter.PrometheusAspNetCoreOptions>? configure = null) =>
        _site.StartAsync(Role.Router, builder => builder.Services.Configure(configure ?? (_ => { })), _ => { });
}
