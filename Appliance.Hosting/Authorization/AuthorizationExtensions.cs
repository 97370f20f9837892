using Appliance.Hosting.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Authorization;

internal static class AuthorizationExtensions
{
    public static IServiceCollection AddAuthorizationGate(this IServiceCollection services) => services
        .AddSingleton(provider => new SessionSigner(provider.GetRequiredService<NodeCredentials>()))
        .AddSingleton<SessionVerifier>()
        .AddSingleton<MethodGate>();
}
