using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Decoding.Dhcp;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Devices;

[Trait("Category", "Slow")]
public sealed class DeviceInventoryTests : IDisposable
{
    private readonly DeviceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Device_is_known_by_its_mac_and_the_address_that_it_asks_with()
    {
        _bench.Show(Arp(Camera, "192.168.1.21"), Arp(Camera, "192.168.1.99"), Arp(Camera, "192.168.1.21"));

        var device = Assert.Single(_bench.Inventory.All);
        Assert.Equal(Camera, device.Id);
        Assert.Equal(["192.168.1.99", "192.168.1.21"], device.Addresses.Select(Text));
        Assert.Equal((1d, 3d), (Seconds(device.FirstSeen), Seconds(device.LastSeen)));
        Assert.Equal(DeviceState.New, device.State);
    }

    [Fact]
    public void Probe_for_an_address_gives_none_yet()
    {
        _bench.Show(Arp(Camera, "0.0.0.0", asks: "192.168.1.21"));

        Assert.Empty(Assert.Single(_bench.Inventory.All).Addresses);
    }

    [Fact]
    public void Address_and_name_come_from_dhcp_and_its_server_is_a_router()
    {
        _bench.Show(DhcpRequest("front-cam"), DhcpAcknowledge(Gateway, "192.168.1.21"));

        var client = _bench.Inventory.Find(DhcpMessages.Client)!;
        Assert.Equal(["192.168.1.21"], client.Addresses.Select(Text));
        Assert.Contains(new DeviceTrait(TraitSource.DhcpName, "front-cam"), client.Traits);
        Assert.Contains(new DeviceTrait(TraitSource.DhcpVendorClass, "udhcp 1.35"), client.Traits);
        Assert.Contains(new DeviceTrait(TraitSource.DhcpFingerprint, "1,3,6"), client.Traits);
        Assert.Equal("camera", client.Kind.Word);
        Assert.Equal(["asks DHCP for an address as 'front-cam'"], client.Kind.Reasons);
        Assert.Equal("router", _bench.Inventory.Find(Gateway)!.Kind.Word);
    }

    [Fact]
    public void Text_in_mdns_tells_model_maker_name_and_category()
    {
        _bench.Show(Texts(Camera, "txtvers=1", "MD=BSB002", "manufacturer=Signify", "fn=Kitchen lights", "ci=2", "model=", "=x", "a flag", "x\u001b[2J=\u001b[2J", "model_number=\u001b[31m\u202eDCS"));

        var traits = _bench.Inventory.Find(Camera)!.Traits;
        Assert.Equal(
            [
                new(TraitSource.MdnsModel, "BSB002"), new(TraitSource.MdnsMaker, "Signify"), new(TraitSource.MdnsName, "Kitchen lights"),
                new(TraitSource.HomeKitCategory, "bridge"), new(TraitSource.MdnsModel, @"\027[31m\226\128\174DCS"),
            ],
            traits);
        Assert.Equal(("hub", "HomeKit bridge"), (_bench.Inventory.Find(Camera)!.Kind.Word, _bench.Inventory.Find(Camera)!.Kind.Reasons[1]));
    }

    [Fact]
    public void Device_that_names_model_after_model_is_bounded()
    {
        _bench.Show([.. Enumerable.Range(0, 40).Select(number => Texts(Camera, [.. Enumerable.Range(0, 40).Select(part => $"md=model {number}.{part}")]))]);

        Assert.Equal(16, _bench.Inventory.Find(Camera)!.Traits.Count);
    }

    [Fact]
    public void Name_in_mdns_is_that_of_the_host_with_the_senders_address()
    {
        _bench.Show(
            Announcement(Camera, "192.168.1.21", "office", "192.168.1.21", "_ipp._tcp"),
            Announcement(Phone, "192.168.1.22", "sleeper", "192.168.1.77", "_http._tcp"));

        var printer = _bench.Inventory.Find(Camera)!;
        Assert.Contains(new DeviceTrait(TraitSource.MdnsName, "office"), printer.Traits);
        Assert.Equal(("printer", "offers _ipp._tcp by mDNS"), (printer.Kind.Word, printer.Kind.Reasons.Single()));
        Assert.DoesNotContain(_bench.Inventory.Find(Phone)!.Traits, trait => trait.IsName);
        Assert.Equal(["192.168.1.22"], _bench.Inventory.Find(Phone)!.Addresses.Select(Text));
    }

    [Fact]
    public void Upnp_device_says_its_type()
    {
        _bench.Show(SsdpNotify(Camera, "192.168.1.21", "urn:schemas-upnp-org:device:MediaServer:1"));

        var device = Assert.Single(_bench.Inventory.All);
        Assert.Equal("storage", device.Kind.Word);
        Assert.Contains(new DeviceTrait(TraitSource.SsdpProduct, "Linux/5 UPnP/1.0 thing/1"), device.Traits);
    }

    [Fact]
    public void What_came_over_a_router_is_not_said_by_the_router()
    {
        _bench.Show([Arp(Gateway, "192.168.1.1"), Arp(Phone, "192.168.1.22"),
            .. WebRequest(Gateway, "198.51.100.7", "Mozilla/5.0 (iPhone)"), .. WebRequest(Phone, "192.168.1.22", "Mozilla/5.0 (iPhone)")]);

        Assert.Empty(_bench.Inventory.Find(Gateway)!.Traits);
        Assert.Equal(["192.168.1.1"], _bench.Inventory.Find(Gateway)!.Addresses.Select(Text));
        Assert.Equal("phone", _bench.Inventory.Find(Phone)!.Kind.Word);
    }

    [Fact]
    public void Traffic_alone_makes_the_sender_known_and_the_receiver_not()
    {
        _bench.Show(Udp(Camera, "192.168.1.21", "192.168.1.22", 5000, 5001, [1], toMac: Phone));

        Assert.Equal([Camera], _bench.Inventory.All.Select(device => device.Id));
    }

    [Fact]
    public void Randomized_mac_is_recognized_and_has_no_maker()
    {
        _bench.Write("oui.csv", "Registry,Assignment,Organization Name,Organization Address\nMA-L,00408C,Axis Communications AB,\"Lund, SE\"\nMA-L,06408C,Nobody,Nowhere\n");
        _bench.Reopen();

        _bench.Show(Arp(Camera, "192.168.1.21"), Arp(Phone, "192.168.1.22"));

        var (camera, phone) = (_bench.Inventory.Find(Camera)!, _bench.Inventory.Find(Phone)!);
        Assert.Equal((false, "Axis Communications AB", "camera"), (camera.Mac.IsLocal, camera.Vendor, camera.Kind.Word));
        Assert.Equal((true, "", ""), (phone.Mac.IsLocal, phone.Vendor, phone.Kind.Word));
    }

    [Fact]
    public void What_was_written_down_is_there_after_a_crash()
    {
        _bench.Show(DhcpRequest("front-cam"), DhcpAcknowledge(Gateway, "192.168.1.21"));
        _bench.Inventory.Flush();
        _bench.Inventory.Edit(Mac(DhcpMessages.Client), device => device with { Name = "Door", State = DeviceState.Approved });
        var before = _bench.Inventory.Find(DhcpMessages.Client)!;

        _bench.Reopen();

        var after = _bench.Inventory.Find(DhcpMessages.Client)!;
        Assert.Equal((before.Name, before.State, before.Etag, before.FirstSeen, before.LastSeen), (after.Name, after.State, after.Etag, after.FirstSeen, after.LastSeen));
        Assert.Equal(before.Addresses, after.Addresses);
        Assert.Equal(before.Traits, after.Traits);
        Assert.Equal(before.Kind.Reasons, after.Kind.Reasons);
    }

    [Fact]
    public void Damaged_file_is_put_aside_and_a_new_one_begun()
    {
        _bench.Damage();

        _bench.Reopen();
        _bench.Show(Arp(Camera, "192.168.1.21"));
        _bench.Inventory.Flush();
        _bench.Reopen();

        Assert.Single(_bench.Inventory.All);
    }

    [Fact]
    public void Above_the_cap_the_unjudged_device_unseen_for_longest_goes()
    {
        using var bench = new DeviceBench(new DeviceOptions { MaxDevices = 16 });
        bench.Show([.. Enumerable.Range(0, 16).Select(Host)]);
        bench.Inventory.Edit(Mac(MacOf(0)), device => device with { State = DeviceState.Approved });
        bench.Inventory.Flush();

        bench.Show([.. Enumerable.Range(0, 30).Select(_ => Host(1)), Host(16)]);
        bench.Inventory.Flush();
        bench.Reopen();

        Assert.Equal(Enumerable.Range(0, 17).Where(number => number != 2).Select(MacOf), bench.Inventory.All.Select(device => device.Id));
    }

    [Fact]
    public void No_judged_device_goes_for_a_new_one()
    {
        using var bench = new DeviceBench(new DeviceOptions { MaxDevices = 16 });
        bench.Show([.. Enumerable.Range(0, 16).Select(Host)]);
        foreach (var device in bench.Inventory.All)
        {
            bench.Inventory.Edit(device.Mac, known => known with { State = DeviceState.Approved });
        }

        bench.Show(Host(16));

        Assert.Equal(16, bench.Inventory.Count);
        Assert.Equal(0, bench.Inventory.EvictedCount);
        Assert.True(bench.Inventory.RefusedCount > 0);
    }

    [Fact]
    public void Addresses_and_traits_of_one_device_are_bounded()
    {
        _bench.Show([.. Enumerable.Range(1, 60).SelectMany(number => new[] { Arp(DhcpMessages.Client, $"192.168.1.{number}"), DhcpRequest($"name{number}") })]);

        var device = Assert.Single(_bench.Inventory.All);
        Assert.Equal(DeviceLearning.MaxAddresses, device.Addresses.Count);
        Assert.Equal("192.168.1.60", Text(device.Addresses[0]));
        Assert.Equal(DeviceLearning.MaxTraitsPerSource, device.Traits.Count(trait => trait.IsName));
        Assert.Contains(new DeviceTrait(TraitSource.DhcpName, "name60"), device.Traits);
    }

    [Fact]
    public void Unknown_device_cannot_be_edited()
    {
        Assert.Throws<NotFoundException>(() => _bench.Inventory.Edit(Mac(Camera), device => device));
    }

    private static byte[] Host(int number) => Arp(MacOf(number), $"192.168.1.{number + 1}");

    private static string MacOf(int number) => $"00:00:5e:00:53:{number:x2}";

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new FormatException(text);

    private static string Text(DeviceAddress address) => IPAddresses.ToIPAddress(address.Address).ToString();

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
