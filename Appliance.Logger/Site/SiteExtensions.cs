using Appliance.Logger.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Site;

/// <summary>Registers what the Logger knows of the other roles: their health, what they tell of themselves, the Router's rates and blocks.</summary>
internal static class SiteExtensions
{
    public static IServiceCollection AddSite(this IServiceCollection services) => services
        .AddSingleton<NodeStates>()
        .AddSingleton<TrafficPoints>()
        .AddSingleton<BlocksInForce>()
        .AddSingleton<AuditTrail>()
        .AddSingleton<SiteEvents>()
        .AddHostedService<NodeWatch>()
        .AddHostedService<EventWatch>()
        .AddHostedService<TrafficWatch>()
        .AddHostedService<BlockWatch>();
}
