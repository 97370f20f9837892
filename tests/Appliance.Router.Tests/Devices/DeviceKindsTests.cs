using Appliance.Router.Decoding;
using Appliance.Router.Devices;

namespace Appliance.Router.Tests.Devices;

public sealed class DeviceKindsTests
{
    [Theory]
    [InlineData("Front-Door-Cam2", "camera")]
    [InlineData("Living Room TV", "television")]
    [InlineData("campus", "")]
    [InlineData("", "")]
    [InlineData("\\000\\255<b>", "")]
    public void Name_speaks_by_whole_words(string name, string kind)
    {
        var device = With(new DeviceTrait(TraitSource.MdnsName, name));

        Assert.Equal(kind, DeviceKinds.Of(device).Word);
    }

    [Fact]
    public void What_a_device_does_counts_for_more_than_what_it_is_called()
    {
        var device = With(new(TraitSource.MdnsName, "nas"), new(TraitSource.MdnsService, "_ipp._tcp"));

        Assert.Equal("printer", DeviceKinds.Of(device).Word);
    }

    [Fact]
    public void Two_sources_that_agree_outweigh_one()
    {
        var device = With(new(TraitSource.MdnsName, "tv"), new(TraitSource.SsdpDevice, "urn:schemas-upnp-org:device:MediaRenderer:1"), new(TraitSource.MdnsService, "_smb._tcp"));

        var kind = DeviceKinds.Of(device);

        Assert.Equal("television", kind.Word);
        Assert.Equal(["named 'tv' by mDNS", "UPnP device urn:schemas-upnp-org:device:MediaRenderer:1"], kind.Reasons);
    }

    [Fact]
    public void Device_that_says_nothing_is_of_no_kind()
    {
        Assert.Equal(DeviceKind.Unknown, DeviceKinds.Of(With()));
    }

    private static Device With(params DeviceTrait[] traits) => new(new MacAddress(1), DateTimeOffset.UnixEpoch) { Traits = traits };
}
