using Appliance.Router.Tests.Decoding;
using Appliance.Router.Traffic;

namespace Appliance.Router.Tests.Traffic;

public sealed class RemoteAddressesTests
{
    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff:ffff::1")]
    [InlineData("64:ff9b::203.0.113.1")]
    public void An_address_of_the_internet_is_remote(string address) => Assert.True(RemoteAddresses.IsRemote(Frames.Value(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.0.0")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.255.255")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::fb")]
    [InlineData("64:ff9b:1::1")]
    public void An_address_of_a_site_and_a_group_are_not(string address) => Assert.False(RemoteAddresses.IsRemote(Frames.Value(address)));
}
