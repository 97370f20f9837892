using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Export;

public sealed class ExportRunTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Flows_that_end_with_the_router_are_exported_too()
    {
        var port = FreePorts.Take();
        using var collector = TestCollector.Udp(port);
        var file = Path.Combine(Checkout.Traffic, "benign-boot.pcapng");
        var ended = ToldFlows.Of(file, TimeSpan.FromMinutes(1)).Ended.ToList();
        var app = await StartAsync(file, ("Router:Export:Collectors:0:Host", "127.0.0.1"), ("Router:Export:Collectors:0:Port", $"{port}"));
        var figures = app.Services.GetRequiredService<CollectorSet>().Sessions[0].Figures;

        await app.Services.GetRequiredService<CaptureRun>().Completion;
        await app.StopAsync(TestContext.Current.CancellationToken);
        var messages = await collector.ReadAsync(messages => messages.Count == figures.MessagesCount);

        var dissected = DissectedMessages.Of(messages, isTcp: false);
        Assert.Equal(ended.Sum(flow => flow.PacketsOut + flow.PacketsIn), dissected.PacketsCount);
        Assert.Equal(ended.Sum(flow => flow.BytesOut + flow.BytesIn), dissected.BytesCount);
        Assert.Contains(app.Services.GetRequiredService<HealthBoard>().Snapshot, part => part.Part == $"export to udp 127.0.0.1:{port}" && part.State == PartState.Healthy);
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_gathered()
    {
        var app = await StartAsync(Path.Combine(Checkout.Traffic, "benign-boot.pcapng"));

        await app.Services.GetRequiredService<CaptureRun>().Completion;

        Assert.Equal(0, app.Services.GetRequiredService<ExportQueue>().Reader.Count);
    }

    private Task<WebApplication> StartAsync(string file, params (string Key, string? Value)[] settings) => _site.StartAsync(
        Role.Router,
        builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic().AddExport(),
        app => app.MapRoleService<TrafficGrpcService>(),
        [("Router:Capture:File", file), ("Router:Capture:Speed", "0"), .. settings]);
}
