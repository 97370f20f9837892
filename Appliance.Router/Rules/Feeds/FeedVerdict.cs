using System.Globalization;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Says whether what was read is good enough to take the place of what is in force.</summary>
internal static class FeedVerdict
{
    // Below this many entries a list may well shrink to a tenth from one day to the next.
    private const int TellingCount = 100;

    /// <summary>Why not, as one sentence; null when it is. Before are the entries and names of the last good content of the same source; 0 when there is none.</summary>
    public static string? FaultOf(FeedReading reading, int before, FeedOptions limits)
    {
        if (reading.IsMarkup)
        {
            return "It is a web page, not a list.";
        }

        if (reading.IsCut)
        {
            return Text($"It is longer than the {limits.MaxBytes} bytes that {FeedOptions.Section}:{nameof(FeedOptions.MaxBytes)} lets a feed have.");
        }

        if (reading.EntriesRead > limits.MaxEntries)
        {
            return Text($"It has {reading.EntriesRead} addresses and networks, and {FeedOptions.Section}:{nameof(FeedOptions.MaxEntries)} lets a feed have {limits.MaxEntries}.");
        }

        if (reading.NamesRead > limits.MaxNames)
        {
            return Text($"It has {reading.NamesRead} names, and {FeedOptions.Section}:{nameof(FeedOptions.MaxNames)} lets a feed have {limits.MaxNames}.");
        }

        if (reading.RejectedLines * 2L > reading.Lines)
        {
            return Text($"{reading.RejectedLines} of its {reading.Lines} lines are none of the format, or name what no feed may hold.");
        }

        if (reading.Count == 0)
        {
            return "It holds nothing.";
        }

        return before >= TellingCount && reading.Count * 10L < before
            ? Text($"It shrank from {before} entries to {reading.Count}, as a broken list does; if that is right, delete the feed and create it again.")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
