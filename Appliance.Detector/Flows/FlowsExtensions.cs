using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Detector.Flows;

internal static class FlowsExtensions
{
    public static IServiceCollection AddFlows(this IServiceCollection services) => services.AddSingleton<FlowClient>();
}
