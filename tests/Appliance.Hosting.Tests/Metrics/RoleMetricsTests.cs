using System.Diagnostics.Metrics;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Metrics;

// OpenTelemetry takes meters by their name from the whole process: a role's host that another test runs beside would count into this one.
[CollectionDefinition(nameof(RoleMetricsTests), DisableParallelization = true)]
[Collection(nameof(RoleMetricsTests))]
public sealed class RoleMetricsTests
{
    [Fact]
    public async Task Meter_of_the_role_is_shown()
    {
        await using var site = new TestSite();
        var app = await site.StartAsync(Role.Router, _ => { }, _ => { });
        Count(app, "Appliance.Router", "test_frames");

        var text = await ScrapeAsync(app);

        Assert.Contains("test_frames_total", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meter_of_another_role_in_the_same_process_is_not_shown()
    {
        await using var site = new TestSite();
        var router = await site.StartAsync(Role.Router, _ => { }, _ => { });
        var logger = await site.StartAsync(Role.Logger, _ => { }, _ => { });
        Count(logger, "Appliance.Logger", "test_alerts");

        var text = await ScrapeAsync(router);

        Assert.DoesNotContain("test_alerts", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_listen_on_loopback_unless_told_otherwise()
    {
        await using var site = new TestSite();

        var app = await site.StartAsync(Role.Bmc, _ => { }, _ => { }, ("Node:ListenAddress", "0.0.0.0"));

        Assert.Equal("127.0.0.1", TestSite.MetricsAddress(app).Host);
    }

    private static void Count(WebApplication app, string meter, string instrument) =>
        app.Services.GetRequiredService<IMeterFactory>().Create(meter).CreateCounter<long>(instrument).Add(3);

    private static async Task<string> ScrapeAsync(WebApplication app)
    {
        using var http = new HttpClient { BaseAddress = TestSite.MetricsAddress(app) };
        return await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
    }
}
