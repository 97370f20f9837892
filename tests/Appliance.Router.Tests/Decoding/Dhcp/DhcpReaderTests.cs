using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Facts;
using static Appliance.Router.Tests.Decoding.Dhcp.DhcpMessages;

namespace Appliance.Router.Tests.Decoding.Dhcp;

public sealed class DhcpReaderTests
{
    private static readonly byte[] Request = Option(53, 3);

    [Fact]
    public void A_request_says_who_asks_for_what()
    {
        var fact = Read(Message([Request, Option(12, "cam"u8.ToArray()), Option(60, "udhcp 1.35.0"u8.ToArray()), Option(55, 1, 3, 6, 121), Option(50, 10, 0, 0, 9)]));

        Assert.Equal(
            new DhcpFact(default, DhcpKind.Request)
            {
                ClientMac = new MacAddress(0x02_40_8c_5a_10_21),
                HostName = "cam",
                VendorClass = "udhcp 1.35.0",
                Fingerprint = "1,3,6,121",
                RequestedAddress = Frames.Value("10.0.0.9"),
            },
            fact);
    }

    [Fact]
    public void An_acknowledgment_says_address_and_time()
    {
        var fact = Read(Message([Option(53, 5), Option(51, 0, 0, 0, 120)], your: "10.0.0.9"));

        Assert.Equal(DhcpKind.Acknowledge, fact?.Kind);
        Assert.Equal(Frames.Value("10.0.0.9"), fact?.LeaseAddress);
        Assert.Equal(TimeSpan.FromMinutes(2), fact?.LeaseDuration);
    }

    [Fact]
    public void An_offer_names_routers_and_name_servers()
    {
        var fact = Read(Message([Option(53, 2), Option(3, 10, 0, 0, 1, 10, 0, 0, 2), Option(6, 10, 0, 0, 3, 10)]));

        Assert.Equal([Frames.Value("10.0.0.1"), Frames.Value("10.0.0.2")], fact?.Routers);
        Assert.Equal([Frames.Value("10.0.0.3")], fact?.DnsServers);
    }

    [Fact]
    public void A_client_that_renews_has_its_address_already() =>
        Assert.Equal(Frames.Value("10.0.0.9"), Read(Message([Request], client: "10.0.0.9"))?.RequestedAddress);

    [Theory]
    [InlineData("0000006361 6d", "cam")]
    [InlineData("0400000363616d046c6f6f7000", "cam.loop")]
    [InlineData("0400000363616d", "cam")]
    [InlineData("040000c000", "")]
    [InlineData("0000", "")]
    public void A_qualified_name_stands_in_for_the_host_name(string option, string expected) =>
        Assert.Equal(expected, Read(Message([Request, Option(81, Convert.FromHexString(option.Replace(" ", "", StringComparison.Ordinal)))]))?.HostName);

    [Fact]
    public void Options_go_on_in_the_fields_that_are_given_up_for_them()
    {
        var fact = Read(Message([Option(52, 3)], file: Request, serverName: Option(12, "cam"u8.ToArray())));

        Assert.Equal((DhcpKind.Request, "cam"), (fact!.Kind, fact.HostName));
    }

    [Theory]
    [MemberData(nameof(Hostile.Names), MemberType = typeof(Hostile))]
    public void A_hostile_name_comes_out_plain(string name, string expected)
    {
        var fact = Read(Message([Request, Option(12, Hostile.Bytes(name)), Option(60, Hostile.Bytes(name))]));

        Assert.Equal((expected, expected), (fact!.HostName, fact.VendorClass));
    }

    [Fact]
    public void An_option_that_runs_over_the_end_is_left_out()
    {
        var whole = Message([Request, Option(12, "cam"u8.ToArray())]);

        Assert.Equal("", Read(whole[..^2])?.HostName);
    }

    [Fact]
    public void The_first_of_two_counts() => Assert.Equal("cam", Read(Message([Request, Option(12, "cam"u8.ToArray()), Option(12, "evil"u8.ToArray())]))?.HostName);

    [Fact]
    public void What_is_no_dhcp_gives_no_fact()
    {
        var whole = Message([Request]);
        byte[] otherCookie = [.. whole[..236], 1, .. whole[237..]];
        byte[][] messages = [[], whole[..239], otherCookie, [9, .. whole[1..]], Message([]), Message([Option(53, 99)])];

        Assert.All(messages, message => Assert.Null(Read(message)));
    }

    private static DhcpFact? Read(byte[] message) => DhcpReader.TryRead(message, default, out var fact) ? fact : null;
}
