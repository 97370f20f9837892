using Appliance.Detector.Models;

namespace Appliance.Detector.Tests.Models;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(0.05f, 5, 5)]
    [InlineData(0.1f, 5, 5)]
    [InlineData(0.25f, 4, 5)]
    [InlineData(0.3f, 3, 5)]
    [InlineData(0.4f, 2, 5)]
    [InlineData(0.41f, 1, 5)]
    public void A_p_value_counts_the_normal_windows_that_score_as_high(float score, float above, float all)
    {
        var calibration = Calibration.FromScores([0.3f, 0.1f, 0.4f, 0.2f]);

        var p = calibration.PValue(score);

        Assert.Equal(above / all, p);
    }

    [Fact]
    public void Thinning_out_never_lowers_a_p_value()
    {
        var random = new Random(3);
        var scores = Enumerable.Range(0, 5000).Select(_ => random.NextSingle() * random.NextSingle()).ToArray();

        var calibration = Calibration.FromScores(scores);

        Assert.True(calibration.Knots.Length < 300);
        foreach (var score in scores.Take(500).Append(0).Append(1))
        {
            var exact = (1f + scores.Count(other => other >= score)) / 5001f;
            Assert.InRange(calibration.PValue(score), exact, exact + 0.02f);
        }
    }

    [Fact]
    public void The_highest_scores_keep_their_exact_p_values()
    {
        var scores = Enumerable.Range(1, 1000).Select(i => i / 1000f).ToArray();

        var calibration = Calibration.FromScores(scores);

        Assert.Equal(2f / 1001f, calibration.PValue(1f));
        Assert.Equal(11f / 1001f, calibration.PValue(0.991f));
    }

    [Fact]
    public void Its_text_gives_it_back()
    {
        var random = new Random(5);
        var calibration = Calibration.FromScores(Enumerable.Range(0, 700).Select(_ => random.NextSingle()));

        Assert.True(Calibration.TryParse(calibration.ToString(), out var read));

        Assert.Equal(calibration.Knots, read.Knots);
        Assert.Equal(calibration.Count, read.Count);
    }
}
