using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Recovery;

/// <summary>Registers what heals nodes.</summary>
internal static class RecoveryServices
{
    public static IServiceCollection AddRecovery(this IServiceCollection services) => services
        .AddSection<RecoveryOptions>(RecoveryOptions.Section)
        .AddSingleton(provider => new RecoveryJournal(provider.GetRequiredService<NodePaths>().State, provider.GetRequiredService<ILogger<RecoveryJournal>>()))
        .AddSingleton<NodeFileRenewalClient>()
        .AddSingleton<NodeFileRenewer>(provider => provider.GetRequiredService<NodeFileRenewalClient>().RenewAsync)
        .AddRecoveryParts()
        .AddHostedService<RecoveryWatch>()
        .AddSingleton<RecoveryWire>();

    /// <summary>What decides and acts; options, journal, slots, nodes and flashes are whoever's who calls.</summary>
    public static IServiceCollection AddRecoveryParts(this IServiceCollection services) => services
        .AddSingleton<RecoveryMetrics>()
        .AddSingleton<RecoveryNews>()
        .AddSingleton<RecoveryLedger>()
        .AddSingleton<IReflash, DeskReflash>()
        .AddSingleton<Patients>()
        .AddSingleton<Ladder>()
        .AddSingleton<BoardHold>()
        .AddSingleton<CommitHold>()
        .AddSingleton<RecoveryHolds>()
        .AddSingleton<RecoveryDeeds>()
        .AddSingleton<RecoveryRounds>();
}
