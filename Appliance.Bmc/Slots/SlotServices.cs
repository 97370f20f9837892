using Appliance.Bmc.Board;
using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        .AddSingleton(NewDesiredPower)
        .AddSingleton<SlotViews>()
        .AddSingleton<DriftWatch>()
        .AddSingleton<DaemonWatch>()
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
        .AddSingleton<DriftRestore>()
        .AddHostedService<DriftLoop>()
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

    // A simulated board begins anew with each start of the role, so what was ordered of the one before says nothing of it.
    private static DesiredPower NewDesiredPower(IServiceProvider provider) => new(
        provider.GetRequiredService<IOptions<BoardOptions>>().Value.Simulate is null ? provider.GetRequiredService<NodePaths>().State : null,
        provider.GetRequiredService<ILogger<DesiredPower>>());
}
