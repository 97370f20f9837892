namespace Appliance.Router.Rules.Feeds;

/// <summary>How a feed writes its lines; the numbers are those of the contract.</summary>
public enum FeedFormat
{
    None,

    /// <summary>One address or network a line.</summary>
    Plain,

    /// <summary>Spamhaus DROP, as text or as JSON lines.</summary>
    SpamhausDrop,

    /// <summary>Lines of hosts(5).</summary>
    Hosts,
}
