using Appliance.Hosting.Configuration;
using Appliance.Router.Rules.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Registers feeds and what keeps them fresh.</summary>
internal static class FeedsExtensions
{
    public static IServiceCollection AddFeeds(this IServiceCollection services) => services
        .AddSection<FeedOptions>(FeedOptions.Section)
        .AddSingleton<FeedAdmission>()
        .AddSingleton<FeedRecords>()
        .AddSingleton<FeedFiles>()
        .AddSingleton<FeedEnforcer>()
        .AddSingleton<FeedStore>()
        .AddSingleton<FeedNames>()
        .AddSingleton<IFeedNames, KnownFeeds>()
        .AddSingleton<FeedNews>()
        .AddSingleton(provider => new FeedFetcher(FeedFetcher.CreateClient(), provider.GetRequiredService<IOptions<FeedOptions>>(), provider.GetRequiredService<TimeProvider>()))
        .AddHostedService<FeedMeter>()
        .AddHostedService<FeedKeeper>();
}
