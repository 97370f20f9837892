using System.Globalization;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>Turns times of the router's day into what the kernel compares: seconds of the day and days of the week in UTC.</summary>
/// <remarks>
/// nft itself would convert by the time zone of the process that loads a rule, and its ranges over midnight came out
/// inverted in several versions; so it is run in UTC and never sees such a range.
/// </remarks>
internal static class UtcTimes
{
    private const int Day = 24 * 60;
    private const int Week = 7 * Day;

    private static readonly string[] DayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>Conditions of which any one holds within the times, for an offset of local time from UTC.</summary>
    public static IEnumerable<string> Conditions(DayTimes times, TimeSpan offset)
    {
        var shift = (int)offset.TotalMinutes;
        return times.Days.Count == 0 ? EveryDay(times, shift) : OnDays(times, shift);
    }

    private static IEnumerable<string> EveryDay(DayTimes times, int shift) =>
        Cut(Wrap(Minute(times.Start) - shift, Day), Length(times), Day).Select(part => Hours(part.Start, part.End));

    private static IEnumerable<string> OnDays(DayTimes times, int shift)
    {
        var parts = times.Days.Distinct().SelectMany(day => Cut(Wrap(((int)day * Day) + Minute(times.Start) - shift, Week), Length(times), Week));
        return parts
            .SelectMany(SplitAtMidnight)
            .GroupBy(part => (Start: part.Start % Day, Length: part.End - part.Start))
            .OrderBy(group => group.Key)
            .Select(group =>
            {
                var days = group.Select(part => part.Start / Day).Distinct().Order().Select(day => $"\"{DayNames[day]}\"");
                return $"meta day {{ {string.Join(", ", days)} }} {Hours(group.Key.Start, group.Key.Start + group.Key.Length)}";
            });
    }

    // The part that runs over the end of the period begins it again.
    private static IEnumerable<(int Start, int End)> Cut(int start, int length, int period)
    {
        yield return (start, Math.Min(start + length, period));
        if (start + length > period)
        {
            yield return (0, start + length - period);
        }
    }

    private static IEnumerable<(int Start, int End)> SplitAtMidnight((int Start, int End) part)
    {
        for (var start = part.Start; start < part.End; start = ((start / Day) + 1) * Day)
        {
            yield return (start, Math.Min(part.End, ((start / Day) + 1) * Day));
        }
    }

    private static int Length(DayTimes times) => Wrap(Minute(times.End) - Minute(times.Start) - 1, Day) + 1;

    private static int Minute(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private static int Wrap(int minutes, int period) => ((minutes % period) + period) % period;

    // The kernel includes both ends, so the last second before the end closes the range.
    private static string Hours(int start, int end) => string.Create(
        CultureInfo.InvariantCulture,
        $"meta hour \"{start / 60:00}:{start % 60:00}:00\"-\"{(end - 1) / 60:00}:{(end - 1) % 60:00}:59\"");
}
