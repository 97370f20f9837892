using Appliance.Logger.Site;
using Appliance.Logger.Tests.Alerts;

namespace Appliance.Logger.Tests.Site;

public sealed class TrafficPointsTests
{
    [Fact]
    public void The_last_fifteen_minutes_are_kept()
    {
        var points = new TrafficPoints();

        for (int second = 0; second < 1000; second++)
        {
            points.Add(new TrafficPoint(Samples.Start.AddSeconds(second), second, 0, 0, 0, 0));
        }

        var snapshot = points.Snapshot;
        Assert.Equal(900, snapshot.Count);
        Assert.Equal((100, 999), (snapshot[0].PacketsPerSecond, snapshot[^1].PacketsPerSecond));
    }
}
