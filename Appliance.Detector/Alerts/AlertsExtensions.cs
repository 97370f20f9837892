using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Detector.Alerts;

internal static class AlertsExtensions
{
    public static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSection<AlertOptions>(AlertOptions.Section)
        .AddSingleton(provider => new AlertFile(
            Path.Combine(provider.GetRequiredService<NodePaths>().State, AlertFile.Name),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<AlertStore>()
        .AddSingleton<AlertWatch>();
}
