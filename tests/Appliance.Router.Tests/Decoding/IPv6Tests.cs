using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

public sealed class IPv6Tests
{
    private static readonly byte[] Datagram = Frames.Udp(1000, 53, [1, 2, 3]);

    [Fact]
    public void Addresses_ports_and_lengths_are_read()
    {
        var found = Decode(17, Datagram);

        Assert.Equal(("2001:db8::1", "2001:db8::2", 53), (found.Source, found.Destination, found.DestinationPort));
        Assert.Equal((51, 3), (found.IPBytes, found.PayloadBytes));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(43, 3)]
    [InlineData(60, 2)]
    public void An_extension_header_is_skipped(byte kind, int units)
    {
        var found = Decode(kind, Frames.Extension(17, units, Datagram));

        Assert.Equal((17, 53, 3), (found.Protocol, found.DestinationPort, found.PayloadBytes));
    }

    [Fact]
    public void An_authentication_header_counts_in_units_of_four()
    {
        byte[] header = [17, 4, .. new byte[22], .. Datagram];

        Assert.Equal(53, Decode(51, header).DestinationPort);
    }

    [Fact]
    public void A_chain_of_all_kinds_is_followed()
    {
        var chain = Frames.Extension(60, 1, Frames.Extension(43, 1, Frames.FragmentExtension(60, 9, 0, more: false, Frames.Extension(17, 1, Datagram))));

        Assert.Equal(53, Decode(0, chain).DestinationPort);
    }

    [Fact]
    public void A_chain_without_end_is_given_up()
    {
        var chain = Datagram;
        for (var i = 0; i < 20; i++)
        {
            chain = Frames.Extension(i == 0 ? (byte)17 : (byte)60, 1, chain);
        }

        var found = Decode(60, chain);

        Assert.Equal((true, (byte)60, 0), (found.IsDecoded, found.Protocol, found.DestinationPort));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    public void A_chain_that_was_cut_tells_no_ports(int captured)
    {
        var frame = Frames.Ethernet(0x86dd, Frames.IPv6("2001:db8::1", "2001:db8::2", 60, Frames.Extension(17, 2, Datagram)));

        var found = Decoded.Of(frame[..(54 + captured)], originalLength: frame.Length);

        Assert.Equal((true, (byte)60, 0), (found.IsDecoded, found.Protocol, found.DestinationPort));
    }

    [Fact]
    public void A_later_fragment_has_no_ports()
    {
        var found = Decode(44, Frames.FragmentExtension(17, 77, 1448, more: true, [0, 22, 0, 23, 0, 8, 0, 0]));

        Assert.Equal((new Fragment(77, 1448, HasMore: true), 0), (found.Fragment, found.DestinationPort));
    }

    [Fact]
    public void Padding_behind_an_empty_packet_is_no_payload()
    {
        var found = Decoded.Of([.. Frames.Ethernet(0x86dd, Frames.IPv6("2001:db8::1", "2001:db8::2", 59, [])), .. new byte[6]]);

        Assert.Equal(40, found.IPBytes);
    }

    [Fact]
    public void A_payload_length_of_zero_is_a_segment_that_the_card_will_cut()
    {
        var packet = Frames.IPv6("2001:db8::1", "2001:db8::2", 6, Frames.Tcp(1, 2, 0x18, new byte[3000]), payloadLength: 0);

        Assert.Equal((3060, 3000), Decoded.Of(Frames.Ethernet(0x86dd, packet)) is var found ? (found.IPBytes, found.PayloadBytes) : default);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "2001:db8::2")]
    [InlineData("2001:db8::1", "::ffff:10.0.0.1")]
    public void A_mapped_address_on_the_wire_does_not_pass_for_ipv4(string source, string destination)
    {
        byte[] packet = [0x60, 0, 0, 0, 0, 11, 17, 64, .. Bytes(source), .. Bytes(destination), .. Datagram];

        Assert.False(Decoded.Of(Frames.Ethernet(0x86dd, packet)).IsDecoded);
    }

    [Fact]
    public void A_solicitation_asks_for_its_target()
    {
        byte[] message = [135, 0, 0, 0, 0, 0, 0, 0, .. Frames.Address("2001:db8::2"), 1, 1, .. Frames.Mac("02:00:00:00:00:77")];

        var found = Decode(58, message);

        Assert.True(found.IsIP);
        Assert.Equal((NeighborKind.Request, "02:00:00:00:00:77"), (found.Neighbor.Kind, $"{found.Neighbor.SenderMac}"));
        Assert.Equal((Frames.Value("2001:db8::1"), Frames.Value("2001:db8::2")), (found.Neighbor.Sender, found.Neighbor.Target));
    }

    [Theory]
    [InlineData(0x60, NeighborKind.Reply)]
    [InlineData(0x20, NeighborKind.Announcement)]
    public void An_advertisement_tells_of_its_target(byte flags, NeighborKind kind)
    {
        byte[] message = [136, 0, 0, 0, flags, 0, 0, 0, .. Frames.Address("2001:db8::2"), 3, 1, 0, 0, 0, 0, 0, 0, 2, 1, .. Frames.Mac("02:00:00:00:00:78")];

        var found = Decode(58, message).Neighbor;

        Assert.Equal((kind, "02:00:00:00:00:78", Frames.Value("2001:db8::2")), (found.Kind, $"{found.SenderMac}", found.Sender));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Options_of_impossible_length_leave_the_frames_address(byte units)
    {
        byte[] message = [136, 0, 0, 0, 0x60, 0, 0, 0, .. Frames.Address("2001:db8::2"), 9, units, 0, 0, 0, 0, 0, 0];

        Assert.Equal(Frames.SourceMac, $"{Decode(58, message).Neighbor.SenderMac}");
    }

    [Theory]
    [InlineData(128, 129)]
    [InlineData(133, 134)]
    [InlineData(1, 4)]
    public void Icmpv6_has_type_and_opposite_type_or_code(byte type, int destination)
    {
        var found = Decode(58, Frames.Icmp(type, 4));

        Assert.Equal((type, destination), (found.SourcePort, found.DestinationPort));
    }

    private static Decoded Decode(byte next, byte[] payload) =>
        Decoded.Of(Frames.Ethernet(0x86dd, Frames.IPv6("2001:db8::1", "2001:db8::2", next, payload)));

    private static byte[] Bytes(string address) => System.Net.IPAddress.Parse(address).MapToIPv6().GetAddressBytes();
}
