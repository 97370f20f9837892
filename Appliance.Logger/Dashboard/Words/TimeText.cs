using System.Globalization;

namespace Appliance.Logger.Dashboard.Words;

/// <summary>Times in the reader's time zone.</summary>
internal static class TimeText
{
    /// <summary>The time of day, with the date when it is not today.</summary>
    public static string Clock(DateTimeOffset time, DateTimeOffset now, TimeZoneInfo zone)
    {
        var there = TimeZoneInfo.ConvertTime(time, zone);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var format = there.Date == today ? "HH:mm:ss" : "d MMM HH:mm";
        return there.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Date, time and offset.</summary>
    public static string Full(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>For machines, as <c>time</c> elements want it.</summary>
    public static string Machine(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>For example "59 min"; seconds only in the last two minutes, so that a page at rest stays at rest.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        _ when span < TimeSpan.Zero => "0 s",
        _ when span < TimeSpan.FromMinutes(2) => $"{(int)span.TotalSeconds} s",
        _ when span < TimeSpan.FromMinutes(90) => $"{(int)span.TotalMinutes} min",
        _ when span < TimeSpan.FromDays(2) => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} days",
    };
}
