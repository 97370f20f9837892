using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Appliance.Hosting.Metrics;

/// <summary>The role's meter and the runtime's, for <c>/metrics</c>.</summary>
internal static class RoleMetricsExtensions
{
    // The one meter by its full name: with all roles in one process "Appliance.*" would show each the others' figures.
    public static IServiceCollection AddRoleMetrics(this IServiceCollection services, RunningRole running)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(running.MeterName)
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return services;
    }
}
