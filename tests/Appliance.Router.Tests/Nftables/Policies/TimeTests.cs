using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Rules for times of the day, by the kernel's own clock, in time zones in which the hour is what the test needs.</summary>
public sealed class TimeTests
{
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);
    private static readonly TimeSpan LateEvening = TimeSpan.FromHours(23.5);
    private static readonly TimeSpan EarlyMorning = TimeSpan.FromHours(0.5);

    [Fact]
    public Task At_noon() => AssertAsync(
        Noon,
        clock =>
        [
            (Times("11:00", "13:00"), true),
            (Times("13:00", "15:00"), false),
            (Times("08:00", "11:00"), false),
            (Times("22:00", "06:00"), false),
            (Times("13:00", "11:00"), false),
            (Times("11:00", "10:00"), true),
            (Times("00:00", "00:00"), true),
            (Times("11:00", "13:00", clock.Today), true),
            (Times("11:00", "13:00", clock.Yesterday, clock.Tomorrow), false),
            (Times("00:00", "00:00", clock.Today), true),
            (Times("00:00", "00:00", clock.Yesterday), false),
            (Times("13:00", "12:59", clock.Yesterday), true),
            (Times("13:00", "12:59", clock.Today), false),
        ]);

    [Fact]
    public Task Shortly_before_midnight() => AssertAsync(
        LateEvening,
        clock =>
        [
            (Times("22:00", "06:00"), true),
            (Times("06:00", "22:00"), false),
            (Times("22:00", "00:00"), true),
            (Times("22:00", "06:00", clock.Today), true),
            (Times("22:00", "06:00", clock.Yesterday, clock.Tomorrow), false),
        ]);

    [Fact]
    public Task Shortly_after_midnight() => AssertAsync(
        EarlyMorning,
        clock =>
        [
            (Times("22:00", "06:00"), true),
            (Times("06:00", "22:00"), false),
            (Times("22:00", "00:00"), false),
            // The range began on the day before.
            (Times("22:00", "06:00", clock.Yesterday), true),
            (Times("22:00", "06:00", clock.Today), false),
            (Times("00:00", "06:00", clock.Today), true),
        ]);

    [Fact]
    public async Task Any_one_of_several_times_is_enough_and_each_packet_counts_once()
    {
        var clock = new ZonedClock(Noon);
        using var lab = new PolicyLab(clock);
        await lab.ApplyAsync(PolicyLab.Policy(
            PolicyLab.Rule("now", RuleAction.Audit, new RuleMatch { Times = [Times("13:00", "15:00"), Times("11:00", "13:00"), Times("11:30", "12:30", clock.Today)] }),
            PolicyLab.Rule("never", RuleAction.Audit, new RuleMatch { Times = [Times("13:00", "15:00"), Times("22:00", "06:00")] })));

        lab.Send(lab.Lan, Packet.Udp(lab.Lan.Silent4, lab.Wan.Silent4, 80));

        Assert.Equal((1, 0), (lab.ReadHits("now"), lab.ReadHits("never")));
    }

    /// <summary>All times at once, as audits, and by one packet of each family which of them it is now.</summary>
    private static async Task AssertAsync(TimeSpan timeOfDay, Func<ZonedClock, (DayTimes Times, bool IsNow)[]> cases)
    {
        var clock = new ZonedClock(timeOfDay);
        var all = cases(clock);
        using var lab = new PolicyLab(clock);
        await lab.ApplyAsync(PolicyLab.Policy([.. all.Select((each, index) => PolicyLab.Rule($"{index}", RuleAction.Audit, new RuleMatch { Times = [each.Times] }))]));

        lab.Send([("lan", Packet.Udp(lab.Lan.Silent4, lab.Wan.Silent4, 80)), ("lan", Packet.Tcp(lab.Lan.Silent6, lab.Wan.Silent6, 80))]);

        Assert.Equal(all.Select(each => (each.Times, each.IsNow ? 2L : 0)), all.Select((each, index) => (each.Times, lab.ReadHits($"{index}"))));
    }

    private static DayTimes Times(string start, string end, params DayOfWeek[] days) => new(days, TimeOnly.Parse(start, null), TimeOnly.Parse(end, null));
}
