using Appliance.Hosting.Authorization;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Site;

/// <summary>The site's people: accounts and sessions.</summary>
internal static class SiteExtensions
{
    public static IServiceCollection AddSite(this IServiceCollection services) => services
        .AddSection<PersonSessionOptions>(PersonSessionOptions.Section)
        .AddSingleton(provider => new AccountDatabase(
            provider.GetRequiredService<NodePaths>().State, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AccountDatabase>>()))
        .AddSingleton(provider => new AccountStore(provider.GetRequiredService<AccountDatabase>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<SessionStore>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<PasswordCheck>()
        .AddSingleton<SessionDesk>()
        .AddSingleton<SessionCheck>(provider => provider.GetRequiredService<SessionStore>().IsLive)
        // Asked for only then: the sessions announce who signs in to whoever asks here.
        .AddSingleton<PeopleElsewhere>(provider => () => provider.GetRequiredService<SessionStore>().Sources);
}
