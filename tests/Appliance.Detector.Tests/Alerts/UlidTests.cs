using Appliance.Detector.Alerts;

namespace Appliance.Detector.Tests.Alerts;

public sealed class UlidTests
{
    [Fact]
    public void Time_stands_in_the_first_ten_characters()
    {
        // The specification's example: 1469918176385 ms is 01ARYZ6S41.
        var id = Ulid.Of(DateTimeOffset.FromUnixTimeMilliseconds(1_469_918_176_385), "scan");

        Assert.Equal((26, "01ARYZ6S41"), (id.Length, id[..10]));
    }

    [Fact]
    public void Subject_tells_apart_what_happens_at_the_same_time()
    {
        var time = DateTimeOffset.UnixEpoch.AddYears(50);

        Assert.NotEqual(Ulid.Of(time, "scan|a"), Ulid.Of(time, "scan|b"));
        Assert.Equal(Ulid.Of(time, "scan|a"), Ulid.Of(time, "scan|a"));
    }

    [Fact]
    public void Later_ids_sort_behind()
    {
        var ids = Enumerable.Range(0, 50).Select(i => Ulid.Of(DateTimeOffset.UnixEpoch.AddMilliseconds(i * 977), "x")).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }
}
