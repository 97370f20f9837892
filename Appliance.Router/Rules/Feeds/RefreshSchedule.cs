namespace Appliance.Router.Rules.Feeds;

/// <summary>When to fetch next: somewhat early when all is well, so that a thousand gateways do not ask in the same second, and later and later after failures.</summary>
internal static class RefreshSchedule
{
    // Of the interval, or of the wait after a failure.
    private const double Jitter = 0.1;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    // Beyond it the doubling is longer than the longest interval.
    private const int MostDoublings = 14;

    /// <summary>Chance is from 0 to 1.</summary>
    public static DateTimeOffset Next(Feed feed, DateTimeOffset now, double chance)
    {
        var failures = feed.Status.FailureCount;
        if (failures > 0)
        {
            var wait = FirstRetry * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
            return now + (Shorter(wait, feed.RefreshInterval) * (1 + (Jitter * chance)));
        }

        var due = feed.Status.FetchTime is { } fetched ? fetched + (feed.RefreshInterval * (1 - (Jitter * chance))) : now;
        return due < now ? now : due;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
