using Appliance.Hosting.Configuration;
using Appliance.Router.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Nftables;

/// <summary>The firewall that the rules are enforced by.</summary>
internal static class NftablesExtensions
{
    public static IServiceCollection AddNftables(this IServiceCollection services) => services
        .AddSection<FirewallOptions>(FirewallOptions.Section)
        .AddSingleton<FirewallChoice>()
        .AddSingleton<IFirewall>(provider => provider.GetRequiredService<FirewallChoice>().Open());
}
