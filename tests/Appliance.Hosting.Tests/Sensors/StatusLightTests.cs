using System.Device.Gpio;
using Appliance.Hosting.Health;
using Appliance.Hosting.Sensors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Sensors;

public sealed class StatusLightTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Light_shows_the_worst_part_and_goes_out_with_the_role()
    {
        var board = new HealthBoard(TimeProvider.System);
        using var led = new RecordingLed();
        using var light = new StatusLight(led, board, NullLogger<StatusLight>.Instance);
        board.Report("board", PartState.Healthy, "answers");
        await light.StartAsync(TestContext.Current.CancellationToken);
        await led.WaitAsync(1);
        board.Report("board", PartState.Degraded, "silent");
        await led.WaitAsync(2);
        board.Report("audit", PartState.Failed, "disk full");
        await led.WaitAsync(3);

        await light.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([LedPattern.Steady, LedPattern.Slow, LedPattern.Fast, LedPattern.Off], led.Shown);
    }

    [Fact]
    public async Task Light_that_cannot_be_had_is_given_up_and_the_role_goes_on()
    {
        var board = new HealthBoard(TimeProvider.System);
        using var led = new RecordingLed { Fault = new UnauthorizedAccessException("/sys/class/leds/ACT/trigger") };
        using var light = new StatusLight(led, board, NullLogger<StatusLight>.Instance);
        board.Report("board", PartState.Healthy, "answers");
        await light.StartAsync(TestContext.Current.CancellationToken);
        await led.WaitAsync(1);

        await light.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([LedPattern.Steady], led.Shown);
    }

    [Fact]
    public void Line_of_the_header_blinks_while_the_pattern_says_so_and_is_given_back()
    {
        var clock = new FakeTimeProvider();
        var gpio = new FakeGpio();
        using (var led = new GpioLed(() => new GpioController(gpio), 17, clock))
        {
            led.Show(LedPattern.Fast);
            clock.Advance(Beat * 3);
            led.Show(LedPattern.Steady);
            clock.Advance(Beat * 3);

            Assert.Equal([(17, true), (17, false), (17, true), (17, false), (17, true)], gpio.Written);
        }

        Assert.False(gpio.HasOpenLines);
    }

    [Fact]
    public void Line_that_the_chip_does_not_have_is_told_by_its_number()
    {
        using var led = new GpioLed(() => new GpioController(new FakeGpio()), 99, new FakeTimeProvider());

        var error = Assert.Throws<IOException>(() => led.Show(LedPattern.Steady));

        Assert.StartsWith("GPIO line 99 cannot be had: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_without_a_chip_is_told_and_nothing_thrown_that_would_end_the_role()
    {
        using var led = new GpioLed(() => throw new PlatformNotSupportedException("no driver"), 17, new FakeTimeProvider());

        Assert.Throws<IOException>(() => led.Show(LedPattern.Steady));
    }
}
