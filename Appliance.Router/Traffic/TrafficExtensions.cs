using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Devices.Conflicts;
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
            Events(provider),
            Export(provider),
            new FactTap(provider.GetRequiredService<FlowEventRing>(), provider.GetRequiredService<SightingQueue>(), provider.GetRequiredService<AddressWatch>())))
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
        .AddSingleton<FlowReaders>()
        .AddSingleton(provider => new OwnStations(OwnStations.ReadCards, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<FlowDevices>()
        .AddSingleton<NatTable>()
        .AddHostedService<NatMeter>()
        .AddSingleton<FlowWire>()
        .AddSingleton<IConnectionTracker>(new UnreachableConnections("There is no firewall."))
        .AddSingleton<ConnectionList>();

    private static IFlowEventSink Events(IServiceProvider provider)
    {
        var tap = new NeighborTap(provider.GetRequiredService<FlowEventRing>(), provider.GetRequiredService<SightingQueue>(), provider.GetRequiredService<AddressWatch>());
        return Export(provider) is { } export ? new FlowFork(tap, export) : tap;
    }

    // Without a collector nothing is spent on records.
    private static IFlowExport? Export(IServiceProvider provider) => provider.GetService<IFlowExport>() is { IsWanted: true } export ? export : null;
}
