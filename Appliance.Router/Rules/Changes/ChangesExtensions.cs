using Appliance.Router.Rules.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Router.Rules.Changes;

/// <summary>The candidate, and how it comes into force.</summary>
internal static class ChangesExtensions
{
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.TryAddSingleton<IFeedNames, NoFeeds>();
        return services
            .AddSingleton<PolicyCheck>()
            .AddSingleton<CandidateTable>()
            .AddSingleton<Candidate>();
    }
}
