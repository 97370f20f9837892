using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Health;

internal static class HealthExtensions
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<HealthBoard>()
        .AddSingleton<CommitBoard>()
        .AddSingleton<NodeFacts>()
        .AddSingleton<NodeOrders>()
        .AddHostedService<CertificateWatch>();
}
