namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>The real time, in a time zone in which it is now about the time of day that a test wants.</summary>
internal sealed class ZonedClock : TimeProvider
{
    // Offsets reach no further; one a day away is the same time on another date.
    private static readonly TimeSpan Furthest = TimeSpan.FromHours(14);

    private readonly TimeZoneInfo _zone;

    public ZonedClock(TimeSpan timeOfDay)
    {
        var offset = timeOfDay - System.GetUtcNow().TimeOfDay;
        var minutes = Math.Round(offset.TotalMinutes);
        minutes = minutes > Furthest.TotalMinutes ? minutes - TimeSpan.MinutesPerDay : minutes < -Furthest.TotalMinutes ? minutes + TimeSpan.MinutesPerDay : minutes;
        _zone = TimeZoneInfo.CreateCustomTimeZone("lab", TimeSpan.FromMinutes(minutes), "lab", "lab");
    }

    public override TimeZoneInfo LocalTimeZone => _zone;

    public DayOfWeek Today => GetLocalNow().DayOfWeek;

    public DayOfWeek Yesterday => GetLocalNow().AddDays(-1).DayOfWeek;

    public DayOfWeek Tomorrow => GetLocalNow().AddDays(1).DayOfWeek;
}
