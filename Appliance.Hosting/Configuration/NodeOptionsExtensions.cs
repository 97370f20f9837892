using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Configuration;

internal static class NodeOptionsExtensions
{
    public static IServiceCollection AddNodeOptions(this IServiceCollection services, IConfigurationManager configuration)
    {
        configuration.AddEnvironmentOverrides();
        return services
            .AddSection<NodeOptions>(NodeOptions.Section)
            .AddSection<PeerOptions>(PeerOptions.Section)
            .AddSingleton<NodePaths>();
    }
}
