using System.Globalization;
using Appliance.Hosting.Events;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Tells when a feed goes stale and when it is fresh again; never by its URL, which may carry a key.</summary>
internal sealed partial class FeedNews(EventLog events, ILogger<FeedNews> logger)
{
    public const string Part = "feeds";

    /// <summary>Told once at each end, not with every failure in between.</summary>
    public void Tell(Feed before, Feed after)
    {
        var (wasStale, isStale) = (before.State == FeedState.Stale, after.State == FeedState.Stale);
        if (isStale && !wasStale)
        {
            LogStale(after.Id, after.Name, after.Status.Failure);
            events.Tell(EventSeverity.Warning, Part, $"Feed '{after.Name}' ({after.Id}) is stale. {after.Status.Failure} {Standing(after)}");
        }
        else if (wasStale && !isStale)
        {
            LogFresh(after.Id, after.Name, after.Status.Entries, after.Status.Names);
            events.Tell(EventSeverity.Info, Part, $"Feed '{after.Name}' ({after.Id}) is fresh again.");
        }
        else if (before.Status.Digest != after.Status.Digest)
        {
            LogTaken(after.Id, after.Name, after.Status.Entries, after.Status.Names, after.Status.RejectedLines);
        }
    }

    /// <summary>Told once for each change that was heard of.</summary>
    public void Tell(ForeignChange change)
    {
        LogForeign(change.ProcessName, change.ProcessId);
        events.Tell(EventSeverity.Warning, Part, $"What the kernel holds of feeds was changed by {change}; it has been put right.");
    }

    private static string Standing(Feed feed) => feed.Status.FetchTime is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"Its content of {time:yyyy-MM-dd HH:mm} UTC stays in force.")
        : "Nothing of it is in force yet.";

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the kernel holds of feeds was changed by {ProcessName} (process {ProcessId}); it has been put right.")]
    private partial void LogForeign(string processName, int processId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {FeedId} ('{Name}') is stale: {Failure}")]
    private partial void LogStale(string feedId, string name, string failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {FeedId} ('{Name}') is fresh again, with {Entries} entries and {Names} names.")]
    private partial void LogFresh(string feedId, string name, int entries, int names);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {FeedId} ('{Name}') has {Entries} entries and {Names} names now; {RejectedLines} lines were rejected.")]
    private partial void LogTaken(string feedId, string name, int entries, int names, int rejectedLines);
}
