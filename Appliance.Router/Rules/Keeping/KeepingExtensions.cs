using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Rules.Keeping;

/// <summary>What keeps the kernel at what was applied.</summary>
internal static class KeepingExtensions
{
    public static IServiceCollection AddKeeping(this IServiceCollection services) => services
        .AddSection<KeepingOptions>(KeepingOptions.Section)
        .AddSingleton<EnforcementHealth>()
        .AddSingleton<ForeignChangeReport>()
        .AddSingleton<RulesetReconciler>()
        .AddSingleton<RuleHits>()
        .AddHostedService<HitSampler>()
        .AddHostedService<KeepingMeter>();
}
