using Appliance.Hosting.Configuration;
using Appliance.Router.Capture;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Devices;
using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Traffic;

/// <summary>Registers the packet's path, what runs it and what tells of it.</summary>
internal static class TrafficExtensions
{
    public static IServiceCollection AddTraffic(this IServiceCollection services) => services
        .AddSection<TrafficOptions>(TrafficOptions.Section)
        .AddSingleton<FlowEventRing>()
        .AddSingleton<CaptureReport>()
        .AddSingleton(LayPaths)
        .AddSingleton(provider => new CaptureRun(
            provider.GetRequiredService<PacketSources>(),
            provider.GetRequiredService<PacketPaths>(),
            [.. provider.GetRequiredService<PacketSources>().Interfaces.Select(watched => RunOf(provider, watched))],
            provider.GetRequiredService<FlowEventRing>(),
            provider.GetRequiredService<CaptureReport>())
        {
            Start = provider.GetService<CaptureStart>() ?? CaptureStart.AtOnce(),
        })
        .AddHostedService(provider => provider.GetRequiredService<CaptureRun>())
        .AddSingleton<TrafficRates>()
        .AddSingleton<TrafficSampler>()
        .AddHostedService(provider =>
        {
            // Nobody asks for the meters, but their figures are wanted from the start.
            provider.GetRequiredService<TrafficMeter>();
            provider.GetRequiredService<ProtocolMeter>();
            return provider.GetRequiredService<TrafficSampler>();
        })
        .AddSingleton<TrafficMeter>()
        .AddSingleton<ProtocolMeter>()
        .AddSingleton<FlowReaders>()
        .AddSingleton(provider => new OwnStations(OwnStations.ReadCards, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<FlowDevices>()
        .AddSingleton(provider => new PassedOnFlows(provider.GetRequiredService<PacketSources>().Interfaces, provider.GetRequiredService<OwnStations>()))
        .AddSingleton<NatTable>()
        .AddHostedService<NatMeter>()
        .AddSingleton<FlowWire>()
        .AddSingleton<IConnectionTracker>(new UnreachableConnections("There is no firewall."))
        .AddSingleton<ConnectionList>();

    // Each thread of each interface has a path with flows of its own; together they hold what one alone would.
    private static PacketPaths LayPaths(IServiceProvider provider)
    {
        var ordinals = new FlowOrdinals();
        TablePlace[] places = [.. provider.GetRequiredService<PacketSources>().Interfaces
            .SelectMany(watched => Enumerable.Repeat(new TablePlace(watched.Name, watched.IsOutside, ordinals), watched.Threads))
            .DefaultIfEmpty(TablePlace.Alone())];
        var options = provider.GetRequiredService<IOptions<FlowOptions>>().Value.Share(places.Length);
        return new PacketPaths([.. places.Select(place => LayPath(provider, options, place))]);
    }

    // All stations on the provider's side are its router and ourselves: no devices to learn, and no addresses of ours to be at odds over.
    private static PacketPath LayPath(IServiceProvider provider, FlowOptions options, TablePlace place)
    {
        var ring = provider.GetRequiredService<FlowEventRing>();
        var (sightings, addresses) = (provider.GetRequiredService<SightingQueue>(), provider.GetRequiredService<AddressWatch>());
        var export = Export(provider);
        IFlowEventSink events = place.IsOutside ? ring : new NeighborTap(ring, sightings, addresses);
        IFactSink facts = place.IsOutside ? new OutsideFacts(ring) : new FactTap(ring, sightings, addresses);
        return new PacketPath(options, export is null ? events : new FlowFork(events, export), export, facts, place);
    }

    // Without a collector nothing is spent on records.
    private static IFlowExport? Export(IServiceProvider provider) => provider.GetService<IFlowExport>() is { IsWanted: true } export ? export : null;

    private static InterfaceRun RunOf(IServiceProvider provider, InterfaceOptions watched) => new(
        watched,
        provider.GetRequiredService<PacketSources>(),
        provider.GetRequiredService<PacketPaths>().Of(watched.Name),
        provider.GetRequiredService<CaptureReport>(),
        provider.GetRequiredService<TimeProvider>());
}
