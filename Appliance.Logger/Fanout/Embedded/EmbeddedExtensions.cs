using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>Registers the Logger's own broker.</summary>
internal static class EmbeddedExtensions
{
    public static IServiceCollection AddEmbeddedBroker(this IServiceCollection services) => services
        .AddSingleton<MqttConnections>()
        .AddSingleton<SubscriberAccess>()
        .AddSingleton<SubscriberQueues>()
        .AddSingleton<EmbeddedBroker>()
        .AddSingleton<IConfigureOptions<KestrelServerOptions>, MqttListener>();
}
