using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Events;

internal static class EventsExtensions
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<EventLog>()
        .AddHostedService<HealthEvents>();
}
