using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Health;

internal static class HealthExtensions
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<HealthBoard>()
        .AddSingleton<CommitBoard>()
        .AddSingleton<NodeFacts>()
        .AddSingleton<NodeOrders>()
        .AddSingleton(ServiceOrder.From(Environment.GetEnvironmentVariable, Environment.ProcessId))
        .AddSingleton<OwnCall>()
        .AddHostedService<CertificateWatch>()
        .AddHostedService<ServiceNotice>();
}
