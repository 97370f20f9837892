using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Slots;

public sealed class DownTimeTests
{
    [Theory]
    [InlineData(1, 0, 1.0)]
    [InlineData(1, 500_000_000, 1.5)]
    [InlineData(60, 0, 60.0)]
    public void Down_time_within_the_bounds_is_taken(long seconds, int nanoseconds, double expected)
    {
        Assert.Equal(TimeSpan.FromSeconds(expected), DownTime.From(seconds, nanoseconds, "down_time"));
    }

    [Theory]
    [InlineData(0, 999_999_999)]
    [InlineData(60, 1_000)]
    [InlineData(-5, 0)]
    [InlineData(5, -1)]
    [InlineData(5, 1_000_000_000)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MinValue, int.MinValue)]
    public void Other_down_time_is_refused_with_the_bounds(long seconds, int nanoseconds)
    {
        var error = Assert.Throws<InvalidInputException>(() => DownTime.From(seconds, nanoseconds, "down_time"));

        Assert.Equal($"down_time: {seconds} s {nanoseconds} ns is not from 1 s to 60 s.", error.Message);
    }
}
