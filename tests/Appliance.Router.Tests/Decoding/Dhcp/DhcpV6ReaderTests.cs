using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Facts;
using static Appliance.Router.Tests.Decoding.Dhcp.DhcpMessages;

namespace Appliance.Router.Tests.Decoding.Dhcp;

public sealed class DhcpV6ReaderTests
{
    private static readonly byte[] ByAddress = OptionV6(1, [0, 3, 0, 1, .. Frames.Mac(Client)]);

    [Fact]
    public void A_solicitation_says_who_asks_for_what()
    {
        byte[][] options = [ByAddress, OptionV6(6, 0, 23, 0, 24), OptionV6(16, [0, 0, 1, 0x37, 0, 3, .. "cam"u8]), OptionV6(39, [0, 3, .. "hub"u8])];

        var fact = Read(MessageV6(1, options));

        Assert.Equal(
            new DhcpFact(default, DhcpKind.Discover) { ClientMac = new MacAddress(0x02_40_8c_5a_10_21), HostName = "hub", VendorClass = "cam", Fingerprint = "23,24" },
            fact);
    }

    [Theory]
    [InlineData(7, DhcpKind.Acknowledge)]
    [InlineData(2, DhcpKind.Offer)]
    public void An_answer_says_address_and_time(byte type, DhcpKind kind)
    {
        var fact = Read(MessageV6(type, Association()));

        Assert.Equal(new DhcpFact(default, kind) { LeaseAddress = Frames.Value("fd00::9"), LeaseDuration = TimeSpan.FromMinutes(2) }, fact);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_request_says_the_address_that_it_asks_for(byte type) =>
        Assert.Equal(new DhcpFact(default, DhcpKind.Request) { RequestedAddress = Frames.Value("fd00::9") }, Read(MessageV6(type, Association())));

    [Fact]
    public void A_unique_id_with_a_time_tells_the_address_too() =>
        Assert.Equal(new MacAddress(0x02_40_8c_5a_10_21), Read(MessageV6(1, OptionV6(1, [0, 1, 0, 1, 9, 9, 9, 9, .. Frames.Mac(Client)])))?.ClientMac);

    [Fact]
    public void What_a_relay_hands_on_is_read_within_it() => Assert.Equal(DhcpKind.Release, Read(Relayed(Relayed(MessageV6(8, ByAddress))))?.Kind);

    [Fact]
    public void Relays_without_end_are_given_up()
    {
        var message = MessageV6(8, ByAddress);
        for (var i = 0; i < 20; i++)
        {
            message = Relayed(message);
        }

        Assert.Null(Read(message));
    }

    [Theory]
    [MemberData(nameof(Hostile.Names), MemberType = typeof(Hostile))]
    public void A_hostile_name_comes_out_plain(string name, string expected)
    {
        var bytes = Hostile.Bytes(name);

        var fact = Read(MessageV6(1, OptionV6(39, [0, (byte)bytes.Length, .. bytes, 0]), OptionV6(16, [0, 0, 0, 1, 0, (byte)bytes.Length, .. bytes])));

        Assert.Equal((expected, expected), (fact!.HostName, fact.VendorClass));
    }

    [Fact]
    public void Names_of_64_KiB_are_cut_or_left_out()
    {
        var huge = Hostile.Huge[..(ushort.MaxValue - 6)];

        var fact = Read(MessageV6(1, OptionV6(39, [0, .. huge]), OptionV6(16, [0, 0, 0, 1, .. Frames.UInt16((ushort)huge.Length), .. huge]), OptionV6(6, huge)));

        Assert.Equal("", fact!.HostName);
        Assert.True(Hostile.IsPlain(fact.VendorClass));
        Assert.Equal(255, fact.Fingerprint.Split(',').Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("010203")]
    [InlineData("0a010203")]
    [InlineData("0c00")]
    [InlineData("63010203")]
    public void What_is_no_dhcp_gives_no_fact(string message) => Assert.Null(Read(Convert.FromHexString(message)));

    private static byte[] Association() =>
        OptionV6(3, [.. new byte[12], .. OptionV6(5, [.. Frames.Address("fd00::9"), 0, 0, 0, 60, 0, 0, 0, 120])]);

    private static DhcpFact? Read(byte[] message) => DhcpV6Reader.TryRead(message, default, out var fact) ? fact : null;
}
