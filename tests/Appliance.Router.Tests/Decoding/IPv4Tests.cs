using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

public sealed class IPv4Tests
{
    private static readonly byte[] Datagram = Frames.Udp(1000, 53, [1, 2, 3]);

    [Fact]
    public void Addresses_protocol_ports_and_lengths_are_read()
    {
        var found = Decoded.Of(Frames.IPv4Frame("192.0.2.1", "198.51.100.7", 17, Datagram));

        Assert.Equal(("192.0.2.1", "198.51.100.7", (byte)17), (found.Source, found.Destination, found.Protocol));
        Assert.Equal((31, 3), (found.IPBytes, found.PayloadBytes));
        Assert.Equal([1, 2, 3], found.Payload);
    }

    [Fact]
    public void Options_are_skipped()
    {
        var found = Decoded.Of(Frames.Ethernet(0x0800, Frames.IPv4("10.0.0.1", "10.0.0.2", 17, Datagram, options: new byte[40])));

        Assert.Equal((53, 71, 3), (found.DestinationPort, found.IPBytes, found.PayloadBytes));
    }

    [Fact]
    public void Padding_of_the_frame_is_no_payload()
    {
        byte[] padded = [.. Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(1, 2, 0x10)), 0, 0, 0, 0, 0, 0];

        var found = Decoded.Of(padded);

        Assert.Equal((40, 0), (found.IPBytes, found.PayloadBytes));
        Assert.Empty(found.Payload);
    }

    [Fact]
    public void A_frame_that_was_cut_counts_by_its_original_length()
    {
        var whole = Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(1, 2, 0x18, new byte[1000]));

        var found = Decoded.Of(whole[..96], originalLength: whole.Length);

        Assert.Equal((1040, 1000, 42), (found.IPBytes, found.PayloadBytes, found.Payload.Length));
    }

    [Fact]
    public void A_length_of_zero_is_a_segment_that_the_card_will_cut()
    {
        var packet = Frames.IPv4("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(1, 2, 0x18, new byte[3000]), totalLength: 0);

        var found = Decoded.Of(Frames.Ethernet(0x0800, packet));

        Assert.Equal((3040, 3000), (found.IPBytes, found.PayloadBytes));
    }

    [Fact]
    public void A_length_beyond_the_frame_counts_what_the_wire_carried()
    {
        var packet = Frames.IPv4("10.0.0.1", "10.0.0.2", 17, Datagram, totalLength: 60_000);

        Assert.Equal(31, Decoded.Of(Frames.Ethernet(0x0800, packet)).IPBytes);
    }

    [Theory]
    [InlineData(0x65)]
    [InlineData(0x44)]
    [InlineData(0x4f)]
    public void A_header_that_contradicts_itself_is_not_decoded(byte first)
    {
        var packet = Frames.IPv4("10.0.0.1", "10.0.0.2", 17, Datagram);
        packet[0] = first;

        Assert.False(Decoded.Of(Frames.Ethernet(0x0800, packet)).IsDecoded);
    }

    [Fact]
    public void A_length_shorter_than_the_header_is_not_decoded()
    {
        var packet = Frames.IPv4("10.0.0.1", "10.0.0.2", 17, Datagram, totalLength: 19);

        Assert.False(Decoded.Of(Frames.Ethernet(0x0800, packet)).IsDecoded);
    }

    [Fact]
    public void A_first_fragment_has_ports_and_a_later_one_has_none()
    {
        var first = Decoded.Of(Frames.Ethernet(0x0800, Frames.IPv4("10.0.0.1", "10.0.0.2", 17, Datagram, id: 7, more: true)));
        var later = Decoded.Of(Frames.Ethernet(0x0800, Frames.IPv4("10.0.0.1", "10.0.0.2", 17, [0x00, 0x16, 0x00, 0x17, 1, 1, 1, 1], id: 7, offset: 1480)));

        Assert.Equal((1000, 53, new Fragment(7, 0, HasMore: true)), (first.SourcePort, first.DestinationPort, first.Fragment));
        Assert.Equal((0, 0, new Fragment(7, 1480, HasMore: false)), (later.SourcePort, later.DestinationPort, later.Fragment));
        Assert.Empty(later.Payload);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(3, 0, 0, 0)]
    [InlineData(4, 1000, 53, 0)]
    [InlineData(13, 1000, 53, 0)]
    [InlineData(14, 1000, 53, 0x18)]
    public void As_much_of_tcp_is_read_as_was_captured(int captured, int source, int destination, byte flags)
    {
        var frame = Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(1000, 53, 0x18, [1, 2, 3, 4]));

        var found = Decoded.Of(frame[..(34 + captured)], originalLength: frame.Length);

        Assert.Equal((source, destination, (TcpControl)flags), (found.SourcePort, found.DestinationPort, found.TcpFlags));
        Assert.Empty(found.Payload);
    }

    [Fact]
    public void Options_of_tcp_are_no_payload()
    {
        var found = Decoded.Of(Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(1, 2, 0x02, [9], options: new byte[40])));

        Assert.Equal([9], found.Payload);
    }

    [Theory]
    [InlineData(0x10)]
    [InlineData(0xf0)]
    public void A_tcp_header_length_that_lies_leaves_no_payload(byte length)
    {
        var segment = Frames.Tcp(1, 2, 0x18, [1, 2, 3, 4]);
        segment[12] = length;

        var found = Decoded.Of(Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, segment));

        Assert.Equal((2, 0), (found.DestinationPort, found.PayloadBytes));
        Assert.Empty(found.Payload);
    }

    [Theory]
    [InlineData(1, 8, 0, 8, 0)]
    [InlineData(1, 0, 0, 0, 8)]
    [InlineData(1, 13, 0, 13, 14)]
    [InlineData(1, 3, 1, 3, 1)]
    [InlineData(1, 11, 0, 11, 0)]
    public void Icmp_has_type_and_opposite_type_or_code_in_place_of_ports(byte protocol, byte type, byte code, int source, int destination)
    {
        var found = Decoded.Of(Frames.IPv4Frame("10.0.0.1", "10.0.0.2", protocol, Frames.Icmp(type, code, [1, 2])));

        Assert.Equal((source, destination, 2), (found.SourcePort, found.DestinationPort, found.PayloadBytes));
    }

    [Fact]
    public void Sctp_has_ports()
    {
        Assert.Equal((1000, 53), Decoded.Of(Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 132, Datagram)) is var found ? (found.SourcePort, found.DestinationPort) : default);
    }

    [Fact]
    public void Another_protocol_has_no_ports()
    {
        var found = Decoded.Of(Frames.IPv4Frame("10.0.0.1", "224.0.0.1", 2, [0x16, 0, 0, 0, 224, 0, 0, 1]));

        Assert.Equal((true, (byte)2, 0, 0), (found.IsDecoded, found.Protocol, found.SourcePort, found.DestinationPort));
    }
}
