using Appliance.Evaluation.Windows;

namespace Appliance.Tests.Evaluation.Windows;

public sealed class TempoTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Attack_is_stretched_to_the_wanted_rate()
    {
        // 100 packets a second for ten seconds, at 20 a second.
        var tempo = new Tempo(new CaptureShape(1000, 5 * Second, 15 * Second), 20);

        Assert.Equal((0, 25 * Second, 50 * Second), (tempo.Of(0, 5 * Second), tempo.Of(500, 10 * Second), tempo.Of(999, 15 * Second)));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(double.PositiveInfinity)]
    public void Attack_is_never_faster_than_it_was_recorded(double wanted)
        => Assert.Equal(5 * Second, new Tempo(new CaptureShape(1000, 5 * Second, 15 * Second), wanted).Of(500, 10 * Second));

    [Fact]
    public void Packets_of_one_moment_are_paced_evenly()
        => Assert.Equal(2 * Second, new Tempo(new CaptureShape(1000, Second, Second), 50).Of(100, Second));
}
