using Appliance.Evaluation.Windows;

namespace Appliance.Tests.Evaluation.Windows;

public sealed class ThresholdTests
{
    [Theory]
    [InlineData(999, 999)]
    [InlineData(1000, 999)]
    [InlineData(3000, 2997)]
    public void One_benign_window_in_a_thousand_lies_above(int benign, double expected)
    {
        var scores = Enumerable.Range(1, benign).Select(value => (double)value).ToArray();

        var threshold = Threshold.At(1e-3, scores);

        Assert.Equal(expected, threshold);
        Assert.True(scores.Count(score => score > threshold) <= benign / 1000);
    }

    [Fact]
    public void Score_equal_to_the_threshold_is_not_found()
        => Assert.Equal(0.5, Threshold.Exceeding(3, [3, 3, 4, 9]));

    [Fact]
    public void Rule_that_is_silent_on_benign_finds_all_that_it_calls()
        => Assert.Equal(0.25, Threshold.Exceeding(Threshold.At(1e-3, [0, 0, 0]), [0, 0, 0, 1]));
}
