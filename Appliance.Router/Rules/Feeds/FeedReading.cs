namespace Appliance.Router.Rules.Feeds;

/// <summary>What reading a feed gave, good or not.</summary>
/// <param name="Addresses">Merged; none when there were too many.</param>
/// <param name="Names">Sorted, in lower case, none twice; none when there were too many.</param>
internal sealed record FeedReading(FeedAddresses Addresses, IReadOnlyList<string> Names)
{
    public static readonly FeedReading Empty = new(FeedAddresses.None, []);

    /// <summary>Lines that say something.</summary>
    public int Lines { get; init; }

    public int RejectedLines { get; init; }

    /// <summary>Addresses and networks before they were merged.</summary>
    public int EntriesRead { get; init; }

    /// <summary>Names before doubled ones were dropped.</summary>
    public int NamesRead { get; init; }

    /// <summary>The first line that says something begins as a web page does.</summary>
    public bool IsMarkup { get; init; }

    /// <summary>More bytes came than may; the rest was not read.</summary>
    public bool IsCut { get; init; }

    /// <summary>What is in force of it.</summary>
    public int Count => Addresses.Count + Names.Count;
}
