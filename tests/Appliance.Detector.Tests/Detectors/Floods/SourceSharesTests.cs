using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors.Floods;

public sealed class SourceSharesTests
{
    [Fact]
    public void Source_of_seventy_percent_is_dominant_among_any_others()
    {
        var shares = default(SourceShares);
        for (var i = 0; i < 10_000; i++)
        {
            shares.Add(i % 10 < 7 ? 1 : (UInt128)(100 + i), new MacAddress(5), 1);
        }

        Assert.True(shares.TryGetDominant(out var source));
        Assert.Equal((UInt128)1, source);
    }

    [Fact]
    public void Source_of_less_than_half_is_never_dominant()
    {
        var shares = default(SourceShares);
        for (var i = 0; i < 10_000; i++)
        {
            shares.Add(i % 10 < 4 ? 1 : (UInt128)(100 + (i % 10)), new MacAddress(5), 1);
        }

        Assert.False(shares.TryGetDominant(out _));
    }

    [Fact]
    public void Mac_is_known_while_all_frames_share_it()
    {
        var shares = default(SourceShares);
        shares.Add(1, new MacAddress(5), 1);
        shares.Add(2, new MacAddress(5), 1);
        Assert.Equal(new MacAddress(5), shares.Mac);

        shares.Add(3, new MacAddress(6), 1);
        Assert.True(shares.Mac.IsEmpty);
        Assert.Equal((UInt128)1, shares.First);
    }
}
