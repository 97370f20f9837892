using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Alerts;

/// <summary>Registers the alert store, what fills it and what keeps it small.</summary>
internal static class AlertsExtensions
{
    public static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSection<AlertOptions>(AlertOptions.Section)
        .AddSingleton<AlertMeter>()
        .AddSingleton<AlertStore>()
        .AddSingleton<AlertIntake>()
        .AddSingleton<AlertHistory>()
        .AddHostedService<AlertWatch>()
        .AddHostedService<AlertRetention>();
}
