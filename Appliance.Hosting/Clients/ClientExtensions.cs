using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Clients;

internal static class ClientExtensions
{
    public static IServiceCollection AddClients(this IServiceCollection services) => services
        .AddSingleton<ServerCheck>()
        .AddSingleton<PeerConnections>()
        .AddSingleton<PeerHandlers>()
        .AddSingleton<WatchLoop>()
        .AddSingleton(provider => new PeerChannels(
            provider.GetRequiredService<IOptions<PeerOptions>>(),
            provider.GetRequiredService<IOptions<NodeOptions>>(),
            provider.GetRequiredService<PeerHandlers>(),
            provider.GetRequiredService<ILoggerFactory>()));
}
