using Appliance.Hosting.Configuration;
using Appliance.Router.Devices;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Rules;

/// <summary>Blocks, protected addresses and the service that shows them.</summary>
internal static class RulesExtensions
{
    public static IServiceCollection AddRules(this IServiceCollection services) => services
        .AddSection<BlockOptions>(BlockOptions.Section)
        .AddSingleton<IHostAddresses, HostAddresses>()
        .AddSingleton<RuleDatabase>()
        .AddSingleton<BlockTable>()
        .AddSingleton<ProtectedTable>()
        .AddSingleton<ProtectedAddresses>()
        .AddSingleton<BlockAdmission>()
        .AddSingleton<RulesetIntent>()
        .AddSingleton<BlockEnforcer>()
        .AddSingleton<BlockStore>()
        .AddSingleton<RuleBook>()
        .AddHostedService<RuleMeter>()
        .AddHostedService<RulesetKeeper>()
        .AddHostedService<BlockExpiry>();

    /// <summary>Lets the inventory shut devices out.</summary>
    public static IServiceCollection AddDeviceBlocks(this IServiceCollection services) => services
        .AddSingleton<IDeviceBarrier, DeviceBarrier>()
        .AddHostedService<DeviceKeeper>();
}
