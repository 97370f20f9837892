using Appliance.Detector.Detectors;

namespace Appliance.Detector.Tests.Detectors;

public sealed class RecentSetTests
{
    [Fact]
    public void Member_is_remembered_for_half_the_capacity_at_least()
    {
        var set = new RecentSet(100, 1_000_000);
        set.Add(7, 0);
        for (ulong other = 100; other < 149; other++)
        {
            set.Add(other, 0);
        }

        Assert.False(set.Add(7, 0));
    }

    [Fact]
    public void Member_is_forgotten_after_the_capacity()
    {
        var set = new RecentSet(100, 1_000_000);
        set.Add(7, 0);
        for (ulong other = 100; other < 205; other++)
        {
            set.Add(other, 0);
        }

        Assert.True(set.Add(7, 0));
    }

    [Fact]
    public void Member_is_forgotten_after_its_lifetime()
    {
        var set = new RecentSet(100, 1000);
        set.Add(7, 0);

        Assert.False(set.Add(7, 499));
        Assert.True(new RecentSet(100, 1000).Add(7, 0));
        Assert.True(set.Add(8, 600));
        Assert.True(set.Add(7, 5000));
    }

    [Fact]
    public void Member_that_is_used_stays()
    {
        var set = new RecentSet(100, long.MaxValue);
        set.Add(7, 0);
        for (ulong other = 100; other < 5000; other++)
        {
            set.Add(other, 0);
            Assert.False(set.Add(7, 0));
        }
    }
}
