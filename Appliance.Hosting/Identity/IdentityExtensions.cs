using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Identity;

internal static class IdentityExtensions
{
    public static IServiceCollection AddIdentity(this IServiceCollection services) => services
        .AddSingleton(provider => new RevocationList(provider.GetRequiredService<NodePaths>()))
        .AddSingleton<NodeCredentials>();
}
