namespace Appliance.Router.Rules.Feeds;

/// <summary>What a source said of the version that it gave, as it said it (RFC 9110, 8.8); of a file, its length and time of change.</summary>
public sealed record FeedValidators(string EntityTag, string LastModified)
{
    public static readonly FeedValidators None = new("", "");

    public bool IsEmpty => EntityTag.Length == 0 && LastModified.Length == 0;
}
