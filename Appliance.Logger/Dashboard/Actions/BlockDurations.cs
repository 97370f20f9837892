namespace Appliance.Logger.Dashboard.Actions;

/// <summary>How long a block by hand may last, as the page offers it.</summary>
internal static class BlockDurations
{
    public static IReadOnlyList<(string Word, string Text, TimeSpan Duration)> All { get; } =
    [
        ("hour", "1 hour", TimeSpan.FromHours(1)),
        ("day", "1 day", TimeSpan.FromDays(1)),
        ("week", "1 week", TimeSpan.FromDays(7)),
        // The router's longest.
        ("month", "30 days", TimeSpan.FromDays(30)),
    ];

    public static TimeSpan? Find(string word)
    {
        foreach (var entry in All)
        {
            if (entry.Word == word)
            {
                return entry.Duration;
            }
        }

        return null;
    }
}
