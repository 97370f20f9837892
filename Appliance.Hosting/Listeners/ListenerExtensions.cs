using Appliance.Hosting.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Listeners;

internal static class ListenerExtensions
{
    public static IServiceCollection AddListeners(this IServiceCollection services) => services
        .AddSingleton<HandshakeGuard>()
        .AddSingleton(services => new NodeTls(services.GetRequiredService<NodeCredentials>(), services.GetRequiredService<HandshakeGuard>()))
        .AddSingleton<ListenerBoundary>()
        .AddSingleton<PeopleAddresses>()
        .AddSingleton<OpenConnections>()
        .AddSingleton<StrangerConnections>()
        .AddSingleton<StoppingStreams>()
        .AddSingleton<IConfigureOptions<KestrelServerOptions>, EnrollmentListener>()
        .AddSingleton<IConfigureOptions<KestrelServerOptions>, NodeListeners>();

    /// <summary>The endpoint is answered on that listener and on no other.</summary>
    public static TBuilder On<TBuilder>(this TBuilder endpoint, Listener listener)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ListenerMark(listener));
}
