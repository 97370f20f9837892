using System.Net;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class BlockTargetTests
{
    [Theory]
    [InlineData("10.0.0.1", TargetKind.Address4, "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", TargetKind.Address4, "10.0.0.1")]
    [InlineData("FD00:0::1", TargetKind.Address6, "fd00::1")]
    [InlineData("02-00-5E-00-53-01", TargetKind.Mac, "02:00:5e:00:53:01")]
    [InlineData("02:00:5e:00:53:01", TargetKind.Mac, "02:00:5e:00:53:01")]
    public void Addresses_are_read_and_written_in_one_notation(string text, TargetKind kind, string written)
    {
        var target = Target(text);

        Assert.Equal((kind, written), (target.Kind, target.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("1.2")]
    [InlineData("10.0.0.256")]
    [InlineData("fe80::1%2")]
    [InlineData("02:00:5e:00:53")]
    [InlineData("02-00-5e-00-53-01-02-03")]
    [InlineData("example.org")]
    public void Anything_else_is_no_target(string? text)
    {
        Assert.False(BlockTarget.TryParse(text, out _));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("fe80::1", true)]
    [InlineData("::", false)]
    [InlineData("ff02::1", false)]
    [InlineData("02:00:5e:00:53:01", true)]
    [InlineData("01:00:5e:00:00:01", false)]
    [InlineData("ff:ff:ff:ff:ff:ff", false)]
    [InlineData("00:00:00:00:00:00", false)]
    public void Only_a_single_station_is_unicast(string text, bool isUnicast)
    {
        Assert.Equal(isUnicast, Target(text).IsUnicast);
    }

    [Fact]
    public void Bytes_of_an_address_come_back()
    {
        foreach (var text in new[] { "10.1.2.3", "fd00::1:2:3" })
        {
            var bytes = IPAddress.Parse(text).GetAddressBytes();

            Assert.True(BlockTarget.TryFromAddressBytes(bytes, out var target));
            Assert.Equal(bytes, target.ToBytes());
        }
    }

    [Fact]
    public void Other_lengths_are_no_address()
    {
        Assert.False(BlockTarget.TryFromAddressBytes(new byte[6], out _));
        Assert.False(BlockTarget.TryFromMacBytes(new byte[4], out _));
    }
}
