using Appliance.Detector.Detectors.Scans;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Flows;

public sealed class LocalNetworksTests
{
    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("203.0.113.1", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("2001:db8::1", false)]
    public void Private_networks_are_local_by_default(string address, bool expected) =>
        Assert.Equal(expected, new LocalNetworks(new ScanOptions().LocalNetworks).Contains(Scene.Address(address)));

    [Fact]
    public void Prefix_of_nothing_is_everything_of_its_family()
    {
        var all = new LocalNetworks(["0.0.0.0/0"]);

        Assert.True(all.Contains(Scene.Address("203.0.113.1")));
        Assert.False(all.Contains(Scene.Address("2001:db8::1")));
    }
}
