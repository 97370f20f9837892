using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Tests.Devices;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Traffic;

public sealed class FlowDevicesTests : IDisposable
{
    private readonly DeviceBench _bench = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _own = [];
    private readonly FlowDevices _devices;

    public FlowDevicesTests() => _devices = new FlowDevices(_bench.Inventory, new OwnStations(() => _own.Select(Mac), _clock));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Camera, "192.168.1.21", Camera)]
    [InlineData(Phone, "192.168.1.22", Phone)]
    [InlineData(Gateway, "192.168.1.1", Gateway)]
    [InlineData(Gateway, "203.0.113.80", "")]
    [InlineData(Camera, "192.168.1.22", "")]
    [InlineData(Camera, "0.0.0.0", Camera)]
    [InlineData(Camera, "169.254.7.7", Camera)]
    [InlineData(Camera, "fe80::7", Camera)]
    [InlineData(Camera, "fec0::7", "")]
    [InlineData(Camera, "2001:db8::7", "")]
    [InlineData("02:00:00:00:00:09", "192.168.1.29", "")]
    [InlineData("02:00:00:00:00:09", "fe80::9", "")]
    [InlineData(Everybody, "255.255.255.255", "")]
    public void End_of_a_flow_is_the_device_that_has_its_mac_and_is_known_by_its_address(string mac, string address, string device)
    {
        _bench.Show(Arp(Camera, "192.168.1.21"), Arp(Phone, "192.168.1.22"), Arp(Gateway, "192.168.1.1"));

        Assert.Equal(device, _devices.IdOf(Mac(mac), Address(address)));
    }

    [Fact]
    public void Own_station_of_the_router_is_no_device_of_the_network()
    {
        _bench.Show(Arp(Camera, "192.168.1.21"), Arp(Gateway, "192.168.1.1"));
        _own.Add(Gateway);

        Assert.Equal("", _devices.IdOf(Mac(Gateway), Address("192.168.1.1")));
        Assert.Equal(Camera, _devices.IdOf(Mac(Camera), Address("192.168.1.21")));
    }

    [Fact]
    public void Card_that_is_put_in_later_is_found()
    {
        _bench.Show(Arp(Gateway, "192.168.1.1"));
        var before = _devices.IdOf(Mac(Gateway), Address("192.168.1.1"));
        _own.Add(Gateway);

        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal((Gateway, ""), (before, _devices.IdOf(Mac(Gateway), Address("192.168.1.1"))));
    }

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new ArgumentException(text, nameof(text));

    private static UInt128 Address(string text) => IPAddresses.FromBytes(IPAddress.Parse(text).GetAddressBytes());
}
