using System.Globalization;

namespace Appliance.Router;

/// <summary>A part of the day on some days of the week, in the router's time zone; an end at or before the start is on the next day.</summary>
/// <param name="Days">The days on which it starts; none means every day.</param>
/// <param name="Start">Included.</param>
/// <param name="End">Not included.</param>
public sealed record DayTimes(IReadOnlyList<DayOfWeek> Days, TimeOnly Start, TimeOnly End)
{
    private const string TimeFormat = "HH:mm";

    /// <summary>Reads the contract's form: days from 1 (Monday) to 7 (Sunday), times as "HH:MM".</summary>
    public static bool TryCreate(IEnumerable<uint> days, string start, string end, out DayTimes times)
    {
        var numbers = days.Distinct().Order().ToList();
        times = new DayTimes([], default, default);
        if (numbers.Exists(day => day is < 1 or > 7)
            || !TimeOnly.TryParseExact(start, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            || !TimeOnly.TryParseExact(end, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var last))
        {
            return false;
        }

        times = new DayTimes([.. numbers.Select(day => (DayOfWeek)(day % 7))], first, last);
        return true;
    }

    /// <summary>Reads "08:00-20:00" or "1,2,5/08:00-20:00".</summary>
    public static bool TryParse(string text, out DayTimes times)
    {
        times = new DayTimes([], default, default);
        var slash = text.IndexOf('/');
        var days = new List<uint>();
        foreach (var word in slash < 0 ? [] : text[..slash].Split(','))
        {
            if (!uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var day))
            {
                return false;
            }

            days.Add(day);
        }

        var ends = text[(slash + 1)..].Split('-');
        return ends.Length == 2 && TryCreate(days, ends[0], ends[1], out times);
    }

    /// <summary>The days as the contract numbers them.</summary>
    public IEnumerable<uint> DayNumbers => Days.Select(day => day == DayOfWeek.Sunday ? 7u : (uint)day).Order();

    public string StartText => Start.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public string EndText => End.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>True when a moment, as local time, is within.</summary>
    public bool Contains(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (Start < End)
        {
            return time >= Start && time < End && IsOn(local.DayOfWeek);
        }

        return (time >= Start && IsOn(local.DayOfWeek)) || (time < End && IsOn(local.AddDays(-1).DayOfWeek));
    }

    public bool Equals(DayTimes? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>As it is read by <see cref="TryParse"/>.</summary>
    public override string ToString() => $"{string.Join(',', DayNumbers)}{(Days.Count > 0 ? "/" : "")}{StartText}-{EndText}";

    private bool IsOn(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);
}
