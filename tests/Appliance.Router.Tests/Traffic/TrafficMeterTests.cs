using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Traffic;

public sealed class TrafficMeterTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("appliance.router.interface.read_frames")]
    [InlineData("appliance.router.interface.kernel_frames")]
    [InlineData("appliance.router.interface.dropped_frames")]
    public async Task Frames_are_counted_by_interface(string metric)
    {
        var app = await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic(),
            _ => { },
            [("Router:Capture:Interfaces:0:Name", "none0"), ("Router:Capture:Interfaces:1:Name", "none1")]);
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        var found = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, metrics) =>
            {
                if (instrument.Name == metric && instrument.Meter.Scope == meters)
                {
                    metrics.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => found.Add($"{tags[0].Key} {tags[0].Value} {value}"));
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(["interface none0 0", "interface none1 0"], found);
    }
}
