using System.Net;
using Appliance.Hosting.Configuration;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Rules;

/// <summary>Blocks, protected addresses, feeds and the service that shows them.</summary>
internal static class RulesExtensions
{
    public static IServiceCollection AddRules(this IServiceCollection services) => services
        .AddSection<BlockOptions>(BlockOptions.Section)
        .AddSingleton<HostLookup>(_ => Dns.GetHostAddressesAsync)
        .AddSingleton<NamedHosts>()
        .AddSingleton<IHostAddresses, NeededAddresses>()
        .AddSingleton<RuleDatabase>()
        .AddSingleton<BlockTable>()
        .AddSingleton<ProtectedTable>()
        .AddSingleton<ProtectedAddresses>()
        .AddSingleton<BlockAdmission>()
        .AddSingleton<RulesetIntent>()
        .AddSingleton<StationAddresses>(provider => provider.GetService<DeviceInventory>() is { } devices ? AddressesIn(devices) : target => [target])
        .AddSingleton<BlockEnforcer>()
        .AddSingleton<BlockStore>()
        .AddSingleton<RuleBook>()
        .AddChanges()
        .AddKeeping()
        // Before the ruleset is applied: its rules may name sets of feeds.
        .AddFeeds()
        .AddHostedService<RuleMeter>()
        .AddHostedService<RulesetKeeper>()
        .AddHostedService<RulesetWatch>()
        .AddHostedService<ProtectedKeeper>()
        .AddHostedService<BlockExpiry>();

    /// <summary>Takes up the devices' limits; stands before the rules, whose first ruleset has to hold them.</summary>
    public static IServiceCollection AddDeviceLimits(this IServiceCollection services) => services
        .AddHostedService<DeviceLimitStart>();

    /// <summary>Lets the inventory shut devices out.</summary>
    public static IServiceCollection AddDeviceBlocks(this IServiceCollection services) => services
        .AddSingleton<IDeviceBarrier, DeviceBarrier>()
        .AddHostedService<DeviceKeeper>();

    private static StationAddresses AddressesIn(DeviceInventory devices) => target => target.Kind == TargetKind.Mac
        ? devices.Find(new MacAddress((ulong)target.Value))?.Addresses.Select(known => BlockTarget.From(IPAddresses.ToIPAddress(known.Address))) ?? []
        : [target];
}
