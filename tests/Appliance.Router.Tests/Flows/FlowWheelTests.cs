using Appliance.Router.Flows;

namespace Appliance.Router.Tests.Flows;

public sealed class FlowWheelTests
{
    private const long Second = 1_000_000_000;
    private const long Start = 1_000 * Second;
    private readonly FlowWheel _wheel = new(placeCount: 16);

    public FlowWheelTests() => _wheel.TryTake(Start, out _, out _);

    [Fact]
    public void Timers_come_in_order_and_not_before_their_time()
    {
        _wheel.Set(1, Start + (3 * Second));
        _wheel.Set(2, Start + Second);

        Assert.Empty(Take(Start + Second - 1));
        Assert.Equal([2], Take(Start + Second));
        Assert.Equal([1], Take(Start + (3 * Second)));
    }

    [Fact]
    public void A_timer_that_is_set_again_comes_once()
    {
        _wheel.Set(1, Start + Second);
        _wheel.Set(1, Start + (2 * Second));

        Assert.Empty(Take(Start + Second));
        Assert.Equal([1], Take(Start + (9 * Second)));
    }

    [Fact]
    public void A_cleared_timer_never_comes()
    {
        _wheel.Set(1, Start + Second);
        _wheel.Set(2, Start + Second);
        _wheel.Clear(1);

        Assert.Equal([2], Take(Start + (9 * Second)));
    }

    [Fact]
    public void A_timer_further_than_the_wheel_comes_early_and_can_be_set_again()
    {
        _wheel.Set(1, Start + (10_000 * Second));

        Assert.Equal([1], Take(Start + (600 * Second)));
    }

    [Fact]
    public void A_timer_in_the_past_comes_with_the_next_tick()
    {
        _wheel.Set(1, Start - (5 * Second));

        Assert.Equal([1], Take(Start + Second));
    }

    [Fact]
    public void Years_without_a_timer_pass_at_once()
    {
        Assert.Empty(Take(long.MaxValue / 2));
        _wheel.Set(1, (long.MaxValue / 2) + Second);

        Assert.Equal([1], Take((long.MaxValue / 2) + (2 * Second)));
    }

    private List<int> Take(long now)
    {
        var places = new List<int>();
        while (_wheel.TryTake(now, out var place, out var due))
        {
            Assert.True(due <= now);
            places.Add(place);
        }

        return places;
    }
}
