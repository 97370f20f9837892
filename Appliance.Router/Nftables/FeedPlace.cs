namespace Appliance.Router.Nftables;

/// <summary>A feed in its table: whether it is there, which of its two generations of sets it has now, and the feeds beside it.</summary>
internal sealed record FeedPlace(string FeedId, bool IsHeld, int Now, IReadOnlyCollection<string> Others)
{
    public const int First = 0;

    public int Next => 1 - Now;
}
