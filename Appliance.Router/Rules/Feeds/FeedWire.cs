using Appliance.Hosting.Errors;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Rules.V1;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Between feeds and those of <c>appliance.rules.v1</c>.</summary>
internal static class FeedWire
{
    private static readonly string[] Paths = ["name", "url", "format", "refresh_interval", "disabled", "match_only"];

    public static Wire.Feed ToWire(Feed feed, IReadOnlyList<FeedDrops> drops) => new()
    {
        Id = feed.Id,
        Etag = feed.Etag,
        Name = feed.Name,
        Url = feed.Source.OriginalString,
        // Format and state have the numbers of the contract.
        Format = (Wire.Feed.Types.Format)feed.Format,
        RefreshInterval = Duration.FromTimeSpan(feed.RefreshInterval),
        Disabled = feed.IsDisabled,
        MatchOnly = feed.IsMatchOnly,
        State = (Wire.Feed.Types.State)feed.State,
        EntriesCount = (ulong)(feed.Status.Entries + feed.Status.Names),
        RejectedLinesCount = (ulong)feed.Status.RejectedLines,
        FetchTime = feed.Status.FetchTime is { } time ? Timestamp.FromDateTimeOffset(time) : null,
        FailureReason = feed.Status.Failure,
        PacketsCount = (ulong)drops.FirstOrDefault(drop => drop.FeedId == feed.Id).Packets,
    };

    public static FeedEdit ToEdit(Wire.CreateFeedRequest request)
    {
        if (request.RequestId.Length > BlockAdmission.MaxIdLength)
        {
            throw new InvalidInputException("request_id", $"has {request.RequestId.Length} characters; at most {BlockAdmission.MaxIdLength} are kept");
        }

        return ToEdit(Demand(request.Feed), Paths) with { Etag = "" };
    }

    public static FeedEdit ToEdit(Wire.UpdateFeedRequest request)
    {
        var feed = Demand(request.Feed);
        var wanted = request.UpdateMask is { Paths.Count: > 0 } mask ? [.. mask.Paths] : Paths;
        return wanted.FirstOrDefault(path => !Paths.Contains(path)) is { } unknown
            ? throw new InvalidInputException("update_mask", $"names '{unknown}'; {string.Join(", ", Paths)} can be changed")
            : ToEdit(feed, wanted);
    }

    private static FeedEdit ToEdit(Wire.Feed feed, string[] wanted) => new(feed.Id, feed.Etag)
    {
        Name = wanted.Contains("name") ? feed.Name : null,
        Url = wanted.Contains("url") ? feed.Url : null,
        Format = wanted.Contains("format") ? (FeedFormat)feed.Format : null,
        RefreshInterval = wanted.Contains("refresh_interval") ? ToInterval(feed.RefreshInterval) : null,
        IsDisabled = wanted.Contains("disabled") ? feed.Disabled : null,
        IsMatchOnly = wanted.Contains("match_only") ? feed.MatchOnly : null,
    };

    private static Wire.Feed Demand(Wire.Feed? feed) => feed ?? throw new InvalidInputException("feed", "is not set; give its name, url and format");

    private static TimeSpan ToInterval(Duration? interval)
    {
        // What does not fit a TimeSpan is far beyond the longest interval, and is refused with its bounds.
        const long Most = 100L * 365 * 86400;
        return interval is null ? FeedAdmission.DefaultInterval : TimeSpan.FromSeconds(Math.Clamp(interval.Seconds, -Most, Most)) + TimeSpan.FromTicks(interval.Nanos / 100);
    }
}
