using Appliance.Detector.Detectors;
using Appliance.Evaluation;

namespace Appliance.Tests.Evaluation;

public sealed class SpeedTotalTests
{
    [Theory]
    [InlineData(Category.Scan, "failed contacts", 7)]
    [InlineData(Category.BruteForce, "tries", 7)]
    [InlineData(Category.Flood, "seconds", 0.5)]
    public void Each_category_is_counted_in_its_own_unit(Category category, string unit, double most)
    {
        var total = Assert.Single(SpeedTotal.Of([new Detection(category, 0.5, 7)]));

        Assert.Equal((category.ToWord(), unit, most), (total.Category, total.Unit, total.Most));
    }

    [Fact]
    public void Slow_detections_are_not_within_the_mark()
    {
        var total = Assert.Single(SpeedTotal.Of([Scan(5), Scan(6), Scan(40)]));

        Assert.Equal((3, 6, 40, 1), (total.Captures, total.Median, total.Most, total.Within));
    }

    [Fact]
    public void Category_without_a_mark_has_no_row()
        => Assert.Empty(SpeedTotal.Of([new Detection(Category.Policy, 1, 1)]));

    private static Detection Scan(long contacts) => new(Category.Scan, 1, contacts);
}
