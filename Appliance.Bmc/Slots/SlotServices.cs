using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Registers what watches and switches the slots.</summary>
internal static class SlotServices
{
    public static IServiceCollection AddSlots(this IServiceCollection services) => services
        .AddSection<SlotOptions>(SlotOptions.Section)
        .AddSingleton<NodePing>()
        .AddSingleton<INodeChannel, NodeClient>()
        .AddSingleton<NodeMonitor>()
        .AddHostedService(provider => provider.GetRequiredService<NodeMonitor>())
        .AddSingleton<SlotMarks>()
        .AddSingleton<SlotLeases>()
        .AddSingleton(provider => new DesiredPower(provider.GetRequiredService<NodePaths>().State, provider.GetRequiredService<ILogger<DesiredPower>>()))
        .AddSingleton<SlotViews>()
        .AddSingleton<SlotReader>()
        .AddSingleton<SlotFeed>()
        .AddSingleton<BoardHealth>()
        .AddSingleton<SlotMonitor>()
        .AddHostedService(provider => provider.GetRequiredService<SlotMonitor>())
        .AddSingleton<SlotGuard>()
        .AddSingleton<SlotPauses>()
        .AddSingleton<NodeShutdown>()
        .AddSingleton<PowerSwitch>()
        .AddSingleton<SlotControl>()
        .AddSingleton<ConsoleHub>()
        .AddHostedService(provider => provider.GetRequiredService<ConsoleHub>())
        .AddSingleton<ConsoleInput>()
        .AddSingleton<FanControl>()
        .AddSingleton<UsbControl>()
        .AddSingleton<SlotPlan>()
        .AddSingleton<SlotGate>()
        .AddSingleton<SlotSequence>()
        .AddSingleton<SequenceWire>()
        .AddSingleton<ConsoleWire>()
        .AddSingleton<BoardWire>()
        .AddSingleton<SlotWire>()
        .AddSingleton<SlotWires>();
}
