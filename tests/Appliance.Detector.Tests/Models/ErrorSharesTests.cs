using Appliance.Detector.Features;
using Appliance.Detector.Models;

namespace Appliance.Detector.Tests.Models;

public sealed class ErrorSharesTests
{
    [Fact]
    public void Shares_are_of_the_whole_error_and_the_largest_comes_first()
    {
        var model = SmallModel.Create();
        var windows = SmallModel.Windows(1);
        var rebuilt = new float[FeatureSchema.Count];
        new PlainScorer(model).Score(windows, 1, new float[1], rebuilt);

        var shares = ErrorShares.Of(model, windows, rebuilt);

        Assert.Equal(ErrorShares.Most, shares.Count);
        Assert.Equal(shares.OrderByDescending(share => share.Share), shares);
        Assert.InRange(shares.Sum(share => share.Share), 0.1f, 1f);
    }

    [Fact]
    public void What_was_expected_is_told_in_the_features_own_unit()
    {
        var model = SmallModel.Create();
        var values = new float[FeatureSchema.Count];
        var rebuilt = new float[FeatureSchema.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 40;
            rebuilt[i] = ((float)Math.Log(41) - model.Offsets[i]) / model.Scales[i];
        }

        rebuilt[7] = ((float)Math.Log(1 + 3) - model.Offsets[7]) / model.Scales[7];

        var share = ErrorShares.Of(model, values, rebuilt)[0];

        Assert.Equal("asked_destinations", share.Feature);
        Assert.Equal(40, share.Value);
        Assert.Equal(3, share.Expected, 1e-3);
        Assert.InRange(share.Share, 0.99f, 1f);
    }

    [Fact]
    public void A_window_that_is_rebuilt_to_the_bit_has_nothing_to_explain()
    {
        var model = SmallModel.Create() with { Offsets = [.. new float[FeatureSchema.Count]] };

        var shares = ErrorShares.Of(model, new float[FeatureSchema.Count], new float[FeatureSchema.Count]);

        Assert.Empty(shares);
    }
}
