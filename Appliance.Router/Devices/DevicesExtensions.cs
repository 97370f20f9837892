using Appliance.Hosting.Configuration;
using Appliance.Router.Devices.Conflicts;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Devices;

/// <summary>Registers the inventory of devices and what fills it.</summary>
internal static class DevicesExtensions
{
    public static IServiceCollection AddDevices(this IServiceCollection services) => services
        .AddSection<DeviceOptions>(DeviceOptions.Section)
        .AddSingleton<SightingQueue>()
        .AddSingleton<AddressWatch>()
        .AddSingleton<VendorRegistry>()
        .AddSingleton<DeviceDatabase>()
        .AddSingleton<DeviceTable>()
        .AddSingleton<DeviceInventory>()
        .AddSingleton<DeviceRates>()
        .AddSingleton<DeviceControl>()
        .AddHostedService<DeviceMeter>()
        .AddHostedService<DeviceRun>();
}
