using System.Globalization;

namespace Appliance.Evaluation;

/// <summary>When an attack ran, nanoseconds since 1970 UTC.</summary>
internal readonly record struct TimeWindow(long Start, long End)
{
    private const string Separator = "..";
    private const string Zone = "UTC";

    /// <summary>Reads `A..B` and `A .. B UTC`; a time without a zone is UTC.</summary>
    public static bool TryParse(string text, out TimeWindow window)
    {
        window = default;
        var trimmed = text.Trim();
        if (trimmed.EndsWith(Zone, StringComparison.Ordinal))
        {
            trimmed = trimmed[..^Zone.Length];
        }

        var ends = trimmed.Split(Separator);
        if (ends.Length != 2 || !TryParseTime(ends[0], out var start) || !TryParseTime(ends[1], out var end) || end < start)
        {
            return false;
        }

        window = new TimeWindow(start, end);
        return true;
    }

    private static bool TryParseTime(string text, out long nanoseconds)
    {
        var isTime = DateTimeOffset.TryParse(
            text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        nanoseconds = isTime ? (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : 0;
        return isTime;
    }
}
