using Appliance.Hosting.Configuration;
using Appliance.Router.Rules.Feeds;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Network;

/// <summary>Registers what gives addresses and names to the networks.</summary>
internal static class NetworkExtensions
{
    public static IServiceCollection AddNetwork(this IServiceCollection services) => services
        .AddSection<NetworkOptions>(NetworkOptions.Section)
        .AddSingleton<DnsmasqFolder>()
        .AddSingleton<ListedNames>(provider => provider.GetRequiredService<FeedNames>().Read)
        .AddSingleton<DnsmasqProgram>()
        .AddHostedService<LeaseWatch>()
        .AddHostedService<NetworkRun>();
}
