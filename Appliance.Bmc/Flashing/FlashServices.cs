using Appliance.Bmc.Images;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Bmc.Flashing;

/// <summary>Registers what flashes slots.</summary>
internal static class FlashServices
{
    public static IServiceCollection AddFlashing(this IServiceCollection services) => services
        .AddSection<FlashOptions>(FlashOptions.Section)
        .AddSingleton(provider => new FlashNews(provider.GetRequiredService<EventLog>(), provider.GetService<AuditLog>()))
        .AddSingleton<FlashJournal>()
        .AddFlashParts()
        .AddHostedService(provider => provider.GetRequiredService<FlashRun>())
        .AddSingleton<IImageUse, ImageUse>()
        .AddSingleton<FlashWire>();

    /// <summary>What does the work; options, journal, library, board and nodes are whoever's who calls.</summary>
    public static IServiceCollection AddFlashParts(this IServiceCollection services) => services
        .AddSingleton<PatientBoard>()
        .AddSingleton<FlashChecks>()
        .AddSingleton<SlotTidy>()
        .AddSingleton<SlotApproach>()
        .AddSingleton<SlotWriter>()
        .AddSingleton<SlotWriting>()
        .AddSingleton<BootProof>()
        .AddSingleton<SlotStart>()
        .AddSingleton<BoardRest>()
        .AddSingleton<SlotFlasher>()
        .AddSingleton<FlashResume>()
        .AddSingleton<FlashRun>()
        .AddSingleton<FlashDesk>();
}
