using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Traffic;

/// <summary>Registers the packet's path, what runs it and what tells of it.</summary>
internal static class TrafficExtensions
{
    public static IServiceCollection AddTraffic(this IServiceCollection services) => services
        .AddSection<TrafficOptions>(TrafficOptions.Section)
        .AddSingleton<FlowEventRing>()
        .AddSingleton(provider => new PacketPath(
            provider.GetRequiredService<IOptions<FlowOptions>>().Value,
            new NeighborTap(provider.GetRequiredService<FlowEventRing>(), provider.GetRequiredService<SightingQueue>()),
            records: null,
            new FactTap(provider.GetRequiredService<FlowEventRing>(), provider.GetRequiredService<SightingQueue>())))
        .AddSingleton(provider => new CaptureRun(
            provider.GetRequiredService<PacketSources>(),
            provider.GetRequiredService<PacketPath>(),
            provider.GetRequiredService<FlowEventRing>(),
            provider.GetRequiredService<HealthBoard>(),
            provider.GetRequiredService<ILogger<CaptureRun>>()))
        .AddHostedService(provider => provider.GetRequiredService<CaptureRun>())
        .AddSingleton<TrafficSampler>()
        .AddHostedService(provider =>
        {
            // Nobody asks for the meter, but its figures are wanted from the start.
            provider.GetRequiredService<TrafficMeter>();
            return provider.GetRequiredService<TrafficSampler>();
        })
        .AddSingleton<TrafficMeter>()
        .AddSingleton<FlowReaders>();
}
