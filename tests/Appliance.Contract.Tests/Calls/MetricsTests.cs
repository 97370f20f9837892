using Appliance.Hosting.Identity;
using Appliance.Protos.Metrics.V1;
using Appliance.Tests.Shared;

namespace Appliance.Contract.Tests.Calls;

// OpenTelemetry takes meters by their name from the whole process: a role's host that another test runs beside would count into this one.
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
[Collection(nameof(MetricsTests))]
public sealed class MetricsTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    [Fact]
    public async Task Every_role_tells_by_call_what_it_tells_by_scrape()
    {
        var roles = await RealRoles.StartAsync(_site);
        var reader = _site.Person(PeerKind.Reader);

        var differences = new List<string>();
        foreach (var (role, app) in roles)
        {
            var client = new MetricsService.MetricsServiceClient(_site.Channel(role, reader));
            var before = await client.ListMetricsAsync(new ListMetricsRequest());
            var scrape = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(app));
            var after = await client.ListMetricsAsync(new ListMetricsRequest());
            differences.AddRange(MetricComparison.Differences(before.Metrics, scrape, after.Metrics).Select(difference => $"{role}: {difference}"));
        }

        Assert.Equal([], differences);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
