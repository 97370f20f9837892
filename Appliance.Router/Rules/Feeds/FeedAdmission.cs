using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Says which feeds may be kept, and from where.</summary>
internal sealed class FeedAdmission(IOptions<FeedOptions> options)
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromHours(24);
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);
    public const int MaxNameLength = 64;
    public const int MaxUrlLength = 2048;

    public FeedOptions Limits => options.Value;

    public void DemandRoom(int feeds)
    {
        if (feeds >= Limits.MaxFeeds)
        {
            throw new LimitExceededException("TOO_MANY_FEEDS", $"{feeds} feeds are kept and {Limits.MaxFeeds} may be; delete some or raise {FeedOptions.Section}:{nameof(FeedOptions.MaxFeeds)}.");
        }
    }

    /// <summary>The feed as the edit makes it, or all that is wrong with the edit.</summary>
    public Feed Apply(FeedEdit edit, Feed feed)
    {
        var faults = new List<FieldFault>();
        var source = edit.Url is null ? feed.Source : ReadSource(edit.Url, faults);
        var changed = feed with
        {
            Edition = feed.Edition + 1,
            Name = edit.Name?.Trim() ?? feed.Name,
            Source = source,
            Format = edit.Format ?? feed.Format,
            RefreshInterval = edit.RefreshInterval ?? feed.RefreshInterval,
            IsDisabled = edit.IsDisabled ?? feed.IsDisabled,
            IsMatchOnly = edit.IsMatchOnly ?? feed.IsMatchOnly,
        };
        if (changed.Name.Length is 0 or > MaxNameLength || changed.Name.Any(char.IsControl))
        {
            faults.Add(new FieldFault("feed.name", $"has {changed.Name.Length} characters; a name has 1 to {MaxNameLength}, none of them a control character"));
        }

        if (changed.Format is <= FeedFormat.None or > FeedFormat.Hosts)
        {
            faults.Add(new FieldFault("feed.format", "is not set; give FORMAT_PLAIN, FORMAT_SPAMHAUS_DROP or FORMAT_HOSTS"));
        }

        if (changed.RefreshInterval < ShortestInterval || changed.RefreshInterval > LongestInterval)
        {
            faults.Add(new FieldFault("feed.refresh_interval", $"is {changed.RefreshInterval}; a feed is fetched every {ShortestInterval.TotalMinutes:0} minutes to {LongestInterval.TotalDays:0} days"));
        }

        return faults.Count == 0 ? changed : throw new InvalidInputException(faults);
    }

    // No text here repeats the URL: it may carry a key, and this ends in logs.
    private Uri ReadSource(string url, List<FieldFault> faults)
    {
        var source = url.Length <= MaxUrlLength && Uri.TryCreate(url, UriKind.Absolute, out var read) ? read : null;
        var fault = source switch
        {
            null => $"is no URL of at most {MaxUrlLength} characters; write for example https://lists.example/drop.txt",
            { Scheme: not ("https" or "file") } => $"has the scheme '{source.Scheme}'; a feed comes by https:// or from file://",
            { UserInfo.Length: > 0 } => "carries a user name or password; neither is sent",
            { IsFile: true } when FeedFetcher.PathOf(source, Limits) is null => $"is outside of {Limits.FileFolder} ({FeedOptions.Section}:{nameof(FeedOptions.FileFolder)})",
            _ => null,
        };
        if (fault is not null)
        {
            faults.Add(new FieldFault("feed.url", fault));
        }

        return source ?? new Uri("https://invalid/");
    }
}
