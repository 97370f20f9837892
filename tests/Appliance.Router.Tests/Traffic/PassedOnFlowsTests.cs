using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Traffic;

public sealed class PassedOnFlowsTests
{
    [Theory]
    [InlineData("eth0", Gateway, true)]
    [InlineData("eth0", Camera, false)]
    [InlineData("eth1", Gateway, false)]
    [InlineData("", Gateway, false)]
    public void Flow_that_the_router_began_outside_is_one_of_the_inside_too(string interfaceName, string source, bool isPassedOn)
    {
        var flows = Watch(("eth0", "wan"), ("eth1", "lan"));

        Assert.Equal(isPassedOn, flows.Has(Of(interfaceName, source)));
    }

    [Fact]
    public void Where_the_outside_alone_is_watched_nothing_is_seen_twice()
    {
        var flows = Watch(("eth0", "wan"));

        Assert.False(flows.Has(Of("eth0", Gateway)));
    }

    private static Flow Of(string interfaceName, string source) =>
        new() { Key = new FlowKey(1, 2, 3, 4, 6), Interface = interfaceName, SourceMac = Mac(source) };

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : default;

    private static PassedOnFlows Watch(params (string Name, string Zone)[] interfaces)
    {
        var options = interfaces.Select(watched => new InterfaceOptions { Name = watched.Name, Zone = watched.Zone });
        return new([.. options], new OwnStations(() => [Mac(Gateway)], new FakeTimeProvider()));
    }
}
