namespace Appliance.Router.Rules.Policy;

/// <summary>A part of the day on some days of the week, in the router's time zone; an end at or before the start is on the next day.</summary>
/// <param name="Days">The days on which it starts; none means every day.</param>
/// <param name="Start">Included.</param>
/// <param name="End">Not included.</param>
public sealed record DayTimes(IReadOnlyList<DayOfWeek> Days, TimeOnly Start, TimeOnly End)
{
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

    private bool IsOn(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);
}
