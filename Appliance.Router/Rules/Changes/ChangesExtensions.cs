using Appliance.Router.Rules.Policy;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Rules.Changes;

/// <summary>The candidate, and how it comes into force; to be added ahead of whoever puts the ruleset in force at the start.</summary>
internal static class ChangesExtensions
{
    public static IServiceCollection AddChanges(this IServiceCollection services) => services
        .AddSingleton<PolicyCheck>()
        .AddSingleton<CandidateTable>()
        .AddSingleton<Candidate>()
        .AddSingleton(_ => BootMark.Read())
        .AddSingleton<RulesetTable>()
        .AddSingleton<LastGoodFile>()
        .AddSingleton<PolicyForce>()
        .AddSingleton<RulesetStore>()
        .AddHostedService<RulesetClock>();
}
