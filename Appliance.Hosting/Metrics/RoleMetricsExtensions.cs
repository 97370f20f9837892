using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Appliance.Hosting.Metrics;

/// <summary>The role's meter and the runtime's, for <c>/metrics</c> and MetricsService.</summary>
internal static class RoleMetricsExtensions
{
    // The one meter by its full name: with all roles in one process "Appliance.*" would show each the others' figures.
    public static IServiceCollection AddRoleMetrics(this IServiceCollection services, RunningRole running)
    {
        services.AddSingleton<MetricRegistry>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(running.MeterName)
            .AddRuntimeInstrumentation()
            .AddReader(provider => new BaseExportingMetricReader(provider.GetRequiredService<MetricRegistry>()))
            .AddPrometheusExporter());
        return services;
    }
}
