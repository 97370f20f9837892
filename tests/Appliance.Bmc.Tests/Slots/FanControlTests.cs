using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests.Slots;

public sealed class FanControlTests
{
    private readonly PretendBoard _board = new() { Fans = [new Fan("system fan", 3, 6), new Fan("cooling_device0", 3, 10)] };

    [Theory]
    [InlineData(0u, 0, 0)]
    [InlineData(1u, 1, 1)]
    [InlineData(25u, 2, 3)]
    [InlineData(50u, 3, 5)]
    [InlineData(100u, 6, 10)]
    public async Task Percent_is_the_nearest_step_of_each_fan(uint percent, int first, int second)
    {
        await SetAsync(percent);

        Assert.Equal([first, second], _board.Fans.Select(fan => fan.Speed));
    }

    [Fact]
    public async Task Board_without_a_fan_is_told()
    {
        _board.Fans = [];

        var error = await Assert.ThrowsAsync<BusyException>(() => SetAsync(50));

        Assert.Equal("NO_FAN", error.Reason);
    }

    [Fact]
    public async Task Fan_that_does_not_follow_is_told()
    {
        _board.Obeys = false;

        var error = await Assert.ThrowsAsync<BusyException>(() => SetAsync(100));

        Assert.Equal(("NOT_CONFIRMED", "Fan system fan was set to step 6, but the board says 3."), (error.Reason, error.Message));
    }

    [Fact]
    public async Task More_than_all_is_refused()
    {
        await Assert.ThrowsAsync<InvalidInputException>(() => SetAsync(101));

        Assert.Empty(_board.Orders);
    }

    private Task SetAsync(uint percent) => new FanControl(_board, NullLogger<FanControl>.Instance).SetAsync(percent, "speed_percent", TestContext.Current.CancellationToken);
}
