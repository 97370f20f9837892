using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors;

/// <summary>Words and addresses as the alert contract writes them.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("2001:0db8:0::1", "2001:db8::1", false)]
    [InlineData("::1", "::1", false)]
    public void Address_is_written_as_people_do(string text, string expected, bool isIPv4)
    {
        var address = Scene.Address(text);

        Assert.Equal((expected, isIPv4), (AddressText.Of(address), AddressText.IsIPv4(address)));
    }

    [Theory]
    [InlineData("224.0.0.251", true)]
    [InlineData("239.255.255.250", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("ff02::fb", true)]
    [InlineData("::", true)]
    [InlineData("223.255.255.255", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("fe80::1", false)]
    public void Group_addresses_are_told_apart(string text, bool expected) => Assert.Equal(expected, AddressText.IsGroup(Scene.Address(text)));

    [Theory]
    [InlineData(6, 22, "tcp/22")]
    [InlineData(17, 53, "udp/53")]
    [InlineData(1, 0, "icmp")]
    [InlineData(58, 0, "icmp")]
    [InlineData(47, 0, "ip/47")]
    [InlineData(0, 0, "")]
    public void Service_is_protocol_and_port(byte protocol, ushort port, string expected) => Assert.Equal(expected, new Service(protocol, port).ToString());

    [Fact]
    public void Words_are_those_of_the_contract()
    {
        Assert.Equal(
            ["scan", "brute-force", "flood", "beacon", "tunnel", "exfiltration", "spoofing", "policy", "anomaly", "system"],
            Enum.GetValues<Category>().Where(category => category != Category.None).Select(category => category.ToWord()));
        Assert.Equal(
            ["info", "low", "medium", "high", "critical"],
            Enum.GetValues<Severity>().Where(severity => severity != Severity.None).Select(severity => severity.ToWord()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Category.None.ToWord());
        Assert.Throws<ArgumentOutOfRangeException>(() => Severity.None.ToWord());
    }

    [Fact]
    public void Suspect_is_an_address_or_a_mac()
    {
        Assert.Equal("192.0.2.1", Suspect.FromAddress(Scene.Address("192.0.2.1")).ToString());
        Assert.Equal("0a:0b:0c:0d:0e:0f", Suspect.FromMac(new MacAddress(0x0a0b_0c0d_0e0f)).ToString());
    }
}
