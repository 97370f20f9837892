namespace Appliance.Router.Rules.Feeds;

/// <summary>What one fetch brought: something to read, word that nothing has changed, or why neither.</summary>
internal sealed record FetchOutcome(FeedReading? Reading, FeedValidators Validators, string? Failure)
{
    public bool IsUnchanged => Reading is null && Failure is null;

    public static FetchOutcome Read(FeedReading reading, FeedValidators validators) => new(reading, validators, null);

    public static FetchOutcome Unchanged(FeedValidators validators) => new(null, validators, null);

    public static FetchOutcome Failed(string why) => new(null, FeedValidators.None, why);
}
