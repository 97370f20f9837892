using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Devices;

/// <summary>The inventory of the project's own captures, held against the lab that they were recorded in (`traffic/README.md`).</summary>
public sealed class RecordedDevicesTests : IDisposable
{
    private const string Gateway = "02:00:5e:00:53:01";

    // Name, MAC and address of the lab's devices, and the kind that their name and services speak for.
    private static readonly (string Name, string Mac, string Address, string Kind)[] Lab =
    [
        ("cam", "02:40:8c:5a:10:21", "192.168.77.21", "camera"),
        ("thermo", "1a:b4:30:5a:10:22", "192.168.77.22", "sensor"),
        ("sensor", "26:0a:c4:5a:10:23", "192.168.77.23", "sensor"),
        ("door", "26:0a:c4:5a:10:24", "192.168.77.24", "sensor"),
        ("hub", "02:17:88:5a:10:25", "192.168.77.25", "hub"),
        ("speaker", "02:0e:58:5a:10:26", "192.168.77.26", "speaker"),
        ("plug", "52:c7:bf:5a:10:27", "192.168.77.27", "plug"),
        ("bulb", "86:18:26:5a:10:28", "192.168.77.28", "light"),
        ("pi", "ba:27:eb:5a:10:29", "192.168.77.29", ""),
    ];

    private readonly DeviceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Home_has_its_devices_and_nothing_else()
    {
        Show("home.pcapng");

        Assert.Equal(
            Lab.Select(device => device.Mac).Append(Gateway).Order(StringComparer.Ordinal),
            _bench.Inventory.All.Select(device => device.Id));
        Assert.All(Lab, device => Assert.Equal([device.Address], AddressesOf(device.Mac)));
        Assert.Equal(["192.168.77.1"], AddressesOf(Gateway));
        Assert.All(_bench.Inventory.All, device => Assert.True(device.Mac.IsLocal));
    }

    [Fact]
    public void Devices_that_come_up_say_their_names_and_what_they_are()
    {
        Show("benign-boot.pcapng");

        Assert.All(Lab, device => Assert.Contains(new DeviceTrait(TraitSource.DhcpName, device.Name), _bench.Inventory.Find(device.Mac)!.Traits));
        Assert.All(Lab, device => Assert.Equal((device.Name, device.Kind), (device.Name, _bench.Inventory.Find(device.Mac)!.Kind.Word)));
        Assert.Equal("router", _bench.Inventory.Find(Gateway)!.Kind.Word);
        Assert.Contains("gives addresses by DHCP", _bench.Inventory.Find(Gateway)!.Kind.Reasons);
    }

    [Fact]
    public void Models_are_those_that_the_devices_announce()
    {
        Show("home.pcapng");

        Assert.Equal(
            ["hub hub-1", "speaker speaker-1"],
            Lab.SelectMany(device => _bench.Inventory.Find(device.Mac)!.Traits.Where(trait => trait.Source == TraitSource.MdnsModel).Select(trait => $"{device.Name} {trait.Text}")));
    }

    [Theory]
    [InlineData("benign-iot-sentinel-HueBridge.pcap", "00:17:88:24:76:ff", "BSB002", "hub")]
    [InlineData("benign-iot-sentinel-D-LinkCam.pcap", "b0:c5:54:25:5b:0e", "DCS-935L", "camera")]
    [InlineData("benign-iot-sentinel-D-LinkHomeHub.pcap", "1c:5f:2b:aa:fd:4e", "DCH-G020", "hub")]
    [InlineData("benign-iot-sentinel-D-LinkSwitch.pcap", "90:8d:78:a9:3d:6f", "DSP-W215", "plug")]
    public void Real_devices_say_what_model_they_are(string file, string mac, string model, string kind)
    {
        Assert.SkipWhen(Checkout.Corpus is null, "APPLIANCE_CORPUS names no corpus");
        using var source = new CaptureFile(Path.Combine(Checkout.Corpus, file));

        _bench.Show(source);

        var device = _bench.Inventory.Find(mac)!;
        Assert.Contains(new DeviceTrait(TraitSource.MdnsModel, model), device.Traits);
        Assert.Equal(kind, device.Kind.Word);
    }

    [Theory]
    [InlineData("flood-syn-spoofed-hping3.pcap")]
    [InlineData("scan-arp-nmap.pcap")]
    [InlineData("benign-backscatter.pcap")]
    public void No_address_of_elsewhere_makes_a_device(string file)
    {
        Show(file);

        var known = Lab.Select(device => device.Mac).Append(Gateway).ToHashSet();
        Assert.NotEmpty(_bench.Inventory.All);
        Assert.All(_bench.Inventory.All, device => Assert.Contains(device.Id, known));
        Assert.All(_bench.Inventory.All.SelectMany(device => AddressesOf(device.Id)), address => Assert.StartsWith("192.168.77.", address));
    }

    private void Show(string file)
    {
        using var source = new CaptureFile(Path.Combine(Checkout.Traffic, file));
        _bench.Show(source);
    }

    // Link-local IPv6 addresses follow from the MAC address or are random; the lab's table does not name them.
    private IEnumerable<string> AddressesOf(string mac) => _bench.Inventory.Find(mac)!.Addresses
        .Where(address => IPAddresses.IsIPv4(address.Address))
        .Select(address => IPAddresses.ToIPAddress(address.Address).ToString());
}
