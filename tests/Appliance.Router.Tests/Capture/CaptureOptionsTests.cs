using System.ComponentModel.DataAnnotations;
using Appliance.Router.Capture;

namespace Appliance.Router.Tests.Capture;

public sealed class CaptureOptionsTests
{
    [Fact]
    public void A_file_and_an_interface_exclude_each_other()
    {
        var options = new CaptureOptions { File = "/a.pcap", Interfaces = [new InterfaceOptions { Name = "lan0" }] };

        Assert.Equal("File is '/a.pcap' and Interfaces has 1; give one of them.", Assert.Single(Faults(options)));
    }

    [Fact]
    public void An_interface_is_named_once()
    {
        var options = new CaptureOptions { Interfaces = [new InterfaceOptions { Name = "lan0" }, new InterfaceOptions { Name = "wan0" }, new InterfaceOptions { Name = "lan0" }] };

        Assert.Equal("names 'lan0' 2 times; once is enough.", Assert.Single(Faults(options)));
    }

    [Theory]
    [InlineData("eth0", "lan", true)]
    [InlineData("eth0.5", "iot-2", true)]
    [InlineData("", "lan", false)]
    [InlineData("a/b", "lan", false)]
    [InlineData("a b", "lan", false)]
    [InlineData("sixteen-letters-", "lan", false)]
    [InlineData("eth0", "", false)]
    [InlineData("eth0", "LAN", false)]
    public void An_interface_has_a_name_and_a_zone(string name, string zone, bool isTaken)
    {
        var options = new InterfaceOptions { Name = name, Zone = zone };

        Assert.Equal(isTaken, Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }

    private static IEnumerable<string?> Faults(CaptureOptions options) => options.Validate(new ValidationContext(options)).Select(fault => fault.ErrorMessage);
}
