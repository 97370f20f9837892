using Appliance.Hosting.Sensors.Bindings;
using Iot.Device.CpuTemperature;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Sensors;

internal static partial class SensorServices
{
    static partial void AddBindings(IServiceCollection services) =>
        services.AddSingleton<ISensorSource>(provider => new CpuTemperatures(new CpuTemperature(), Options(provider).HotCelsius));
}
