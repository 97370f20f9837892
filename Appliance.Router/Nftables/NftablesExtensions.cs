using Appliance.Hosting.Configuration;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Nftables;

/// <summary>The firewall that the rules are enforced by.</summary>
internal static class NftablesExtensions
{
    public static IServiceCollection AddNftables(this IServiceCollection services) => services
        .AddSection<FirewallOptions>(FirewallOptions.Section)
        .AddSingleton(provider => DefaultPolicy.Named(provider.GetRequiredService<IOptions<FirewallOptions>>().Value.DefaultPolicy))
        .AddSingleton<FirewallChoice>()
        .AddSingleton<ILinks, KernelLinks>()
        .AddSingleton<IFirewall>(provider => provider.GetRequiredService<FirewallChoice>().Open())
        .AddSingleton<IKernelRuleset>(provider => provider.GetRequiredService<FirewallChoice>().OpenRuleset())
        .AddSingleton<IFeedFirewall>(provider => provider.GetRequiredService<FirewallChoice>().OpenFeeds());

    /// <summary>Logs the packets of rules that ask for it.</summary>
    public static IServiceCollection AddRuleLog(this IServiceCollection services) => services
        .AddSingleton<RuleLogFigures>()
        .AddHostedService<RuleLogMeter>()
        .AddHostedService<RuleLogWatch>();

    /// <summary>Tells of the connections that the kernel tracks where it enforces.</summary>
    public static IServiceCollection AddConntrack(this IServiceCollection services) => services
        .AddSingleton<IConnectionTracker>(provider => provider.GetRequiredService<FirewallChoice>().OpenConnections())
        .AddHostedService<ConntrackWatch>();
}
