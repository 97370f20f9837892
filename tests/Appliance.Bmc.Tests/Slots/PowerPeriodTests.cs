using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Tests.Slots;

public sealed class PowerPeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PowerPeriod _period = new();

    [Fact]
    public void Period_of_a_slot_that_was_on_before_is_as_long_as_the_board_says()
    {
        _period.Look(true, TimeSpan.FromHours(1), null, Now);

        Assert.Equal(Now.AddHours(-1), _period.Since);
    }

    [Fact]
    public void Slot_that_goes_on_begins_a_period()
    {
        _period.Look(false, null, null, Now);

        _period.Look(true, null, null, Now.AddSeconds(5));

        Assert.Equal(Now.AddSeconds(5), _period.Since);
    }

    [Fact]
    public void Uptime_that_began_anew_moves_the_count_alone()
    {
        _period.Look(true, TimeSpan.FromHours(1), null, Now);

        _period.Look(true, TimeSpan.FromSeconds(2), null, Now.AddSeconds(5));

        Assert.Equal((Now.AddHours(-1), Now.AddSeconds(3)), (_period.Since, _period.Counted));
    }

    [Fact]
    public void Seconds_that_the_board_rounds_off_begin_no_period()
    {
        _period.Look(true, TimeSpan.FromSeconds(10), null, Now);

        _period.Look(true, TimeSpan.FromSeconds(10), null, Now.AddSeconds(0.9));
        _period.Look(true, TimeSpan.FromSeconds(11), null, Now.AddSeconds(1.9));

        Assert.Equal(Now.AddSeconds(-10), _period.Since);
    }

    [Fact]
    public void Ordered_start_begins_a_period_though_the_board_counts_on()
    {
        _period.Look(true, TimeSpan.FromHours(1), null, Now);

        _period.Look(true, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5), Now.AddSeconds(4), Now.AddSeconds(5));

        Assert.Equal(Now.AddSeconds(4), _period.Since);
    }

    [Fact]
    public void Silence_of_the_board_ends_no_period()
    {
        _period.Look(true, null, null, Now);

        _period.Look(null, null, null, Now.AddSeconds(5));
        _period.Look(true, null, null, Now.AddSeconds(10));

        Assert.Equal(Now, _period.Since);
    }
}
