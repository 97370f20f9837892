using System.Device.Gpio;
using System.Globalization;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Sensors;

/// <summary>Registers what the machine can tell of itself, and its light.</summary>
internal static partial class SensorServices
{
    private const string GpioWord = "gpio:";

    private static readonly SysfsFolder Sysfs = new(SysfsFolder.Root);

    public static IServiceCollection AddSensors(this IServiceCollection services)
    {
        services
            .AddSingleton<ISensorSource>(provider => new ThermalZones(Sysfs, Options(provider).HotCelsius))
            .AddSingleton<ISensorSource>(new FirmwareThrottling(Sysfs))
            .AddSingleton<ISensorSource>(new HardwareMonitors(Sysfs))
            .AddSingleton<SensorBoard>()
            .AddSingleton<SensorMetrics>()
            .AddHostedService<SensorWatch>()
            .AddHostedService(provider => new StatusLight(
                Led(provider), provider.GetRequiredService<HealthBoard>(), provider.GetRequiredService<ILogger<StatusLight>>()));
        AddBindings(services);
        return services;
    }

    /// <summary>There where the build has Iot.Device.Bindings, and nothing elsewhere.</summary>
    static partial void AddBindings(IServiceCollection services);

    private static SensorOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<NodeOptions>>().Value.Sensors;

    private static IStatusLed? Led(IServiceProvider provider) => Options(provider).StatusLed switch
    {
        "" => null,
        var name when name.StartsWith(GpioWord, StringComparison.Ordinal) => new GpioLed(
            () => new GpioController(), int.Parse(name.AsSpan(GpioWord.Length), CultureInfo.InvariantCulture), provider.GetRequiredService<TimeProvider>()),
        var name => new SysfsLed(Sysfs.Below("class/leds").Below(name)),
    };
}
