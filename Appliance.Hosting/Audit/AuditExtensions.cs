using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Audit;

internal static class AuditExtensions
{
    /// <summary>Comes after the error map: the audit sees an error as it was thrown, and what it throws itself becomes a status, too.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .Configure<GrpcServiceOptions>(options => options.Interceptors.Add<AuditInterceptor>())
        .AddSingleton<AuditFile>()
        .AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<AuditFile>(),
            provider.GetRequiredService<EventLog>(),
            provider.GetRequiredService<NodeCredentials>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<RefusalAudit>()
        .AddHostedService<AuditRun>();
}
