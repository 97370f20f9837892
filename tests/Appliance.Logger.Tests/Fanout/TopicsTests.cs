using Appliance.Logger.Fanout;

namespace Appliance.Logger.Tests.Fanout;

public sealed class TopicsTests
{
    private readonly Topics _topics = new("home");

    [Fact]
    public void Topics_are_those_of_the_contract()
    {
        Assert.Equal("appliance/home/alerts/high/brute-force", _topics.Alert("high", "brute-force"));
        Assert.Equal("appliance/home/summary", _topics.Summary);
        Assert.Equal("homeassistant/device/appliance-home/config", _topics.Discovery);
    }

    [Theory]
    [InlineData("appliance/home/#", true)]
    [InlineData("appliance/home/alerts/+/scan", true)]
    [InlineData("appliance/home/summary", true)]
    [InlineData("homeassistant/#", true)]
    [InlineData("homeassistant/device/+/config", true)]
    [InlineData("#", false)]
    [InlineData("+/home/#", false)]
    [InlineData("appliance/#", false)]
    [InlineData("appliance/+/summary", false)]
    [InlineData("appliance/homestead/#", false)]
    [InlineData("appliance/other/#", false)]
    [InlineData("$SYS/#", false)]
    [InlineData("$share/group/appliance/home/#", false)]
    [InlineData("", false)]
    public void A_subscriber_may_read_the_site_and_discovery_only(string filter, bool allowed) => Assert.Equal(allowed, _topics.MaySubscribe(filter));
}
