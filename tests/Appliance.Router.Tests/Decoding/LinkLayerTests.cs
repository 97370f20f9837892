using Appliance.Router.Capture;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

public sealed class LinkLayerTests
{
    private static readonly byte[] Packet = Frames.IPv4("10.0.0.1", "10.0.0.2", 17, Frames.Udp(1000, 53, [1, 2, 3]));
    private static readonly byte[] Packet6 = Frames.IPv6("fd00::1", "fd00::2", 17, Frames.Udp(1000, 53, [1, 2, 3]));

    [Fact]
    public void Ethernet_gives_both_hardware_addresses()
    {
        var found = Decoded.Of(Frames.Ethernet(0x0800, Packet));

        Assert.Equal((Frames.SourceMac, Frames.DestinationMac, 0), ($"{found.SourceMac}", $"{found.DestinationMac}", found.VlanId));
        Assert.Equal((1000, 53), (found.SourcePort, found.DestinationPort));
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x00, 0x60, 0x0a }, 10)]
    [InlineData(new byte[] { 0x88, 0xa8, 0x00, 0x64, 0x81, 0x00, 0x00, 0x07 }, 7)]
    [InlineData(new byte[] { 0x91, 0x00, 0x00, 0x64, 0x91, 0x00, 0x00, 0x65, 0x81, 0x00, 0x0f, 0xff }, 4095)]
    [InlineData(new byte[] { 0x81, 0x00, 0x00, 0x00 }, 0)]
    public void Tags_are_taken_off_and_the_innermost_is_told(byte[] tags, int vlan)
    {
        byte[] frame = [.. Frames.Mac(Frames.DestinationMac), .. Frames.Mac(Frames.SourceMac), .. tags, 0x08, 0x00, .. Packet];

        var found = Decoded.Of(frame);

        Assert.Equal((vlan, 53), (found.VlanId, found.DestinationPort));
    }

    [Fact]
    public void A_tag_that_the_card_took_off_counts_too()
    {
        Assert.Equal(12, Decoded.Of(Frames.Ethernet(0x0800, Packet), strippedVlan: 12).VlanId);
    }

    [Fact]
    public void More_tags_than_anyone_stacks_are_not_followed()
    {
        byte[] tags = [.. Enumerable.Repeat(new byte[] { 0x81, 0x00, 0x00, 0x01 }, 5).SelectMany(tag => tag)];
        byte[] frame = [.. new byte[12], .. tags, 0x08, 0x00, .. Packet];

        Assert.False(Decoded.Of(frame).IsDecoded);
    }

    [Fact]
    public void A_frame_of_802_3_with_snap_carries_ip()
    {
        byte[] snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, .. Packet];

        Assert.Equal(53, Decoded.Of(Frames.Ethernet((ushort)snap.Length, snap)).DestinationPort);
    }

    [Fact]
    public void Spanning_tree_is_not_decoded()
    {
        Assert.False(Decoded.Of(Frames.Ethernet(38, [0x42, 0x42, 3, .. new byte[35]])).IsDecoded);
    }

    [Fact]
    public void Linux_cooked_frames_give_the_senders_address()
    {
        byte[] cooked = [0, 0, 0, 1, 0, 6, .. Frames.Mac(Frames.SourceMac), 0, 0, 8, 0, .. Packet];

        var found = Decoded.Of(cooked, LinkType.LinuxCooked);

        Assert.Equal((Frames.SourceMac, true, 53), ($"{found.SourceMac}", found.DestinationMac.IsEmpty, found.DestinationPort));
    }

    [Fact]
    public void A_tag_in_a_linux_cooked_frame_is_taken_off()
    {
        byte[] cooked = [0, 0, 0, 1, 0, 6, .. Frames.Mac(Frames.SourceMac), 0, 0, 0x81, 0, 0, 9, 8, 0, .. Packet];

        var found = Decoded.Of(cooked, LinkType.LinuxCooked);

        Assert.Equal((9, 53), (found.VlanId, found.DestinationPort));
    }

    [Fact]
    public void Linux_cooked_frames_of_the_second_form_are_read()
    {
        byte[] cooked = [0x86, 0xdd, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, .. Frames.Mac(Frames.SourceMac), 0, 0, .. Packet6];

        var found = Decoded.Of(cooked, LinkType.LinuxCooked2);

        Assert.Equal((Frames.SourceMac, "fd00::1", 53), ($"{found.SourceMac}", found.Source, found.DestinationPort));
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0 }, LinkType.Null)]
    [InlineData(new byte[] { 0, 0, 0, 2 }, LinkType.Null)]
    [InlineData(new byte[] { 0, 0, 0, 2 }, LinkType.Loop)]
    public void Bsd_loopback_is_read_in_any_byte_order(byte[] family, LinkType link)
    {
        Assert.Equal(53, Decoded.Of([.. family, .. Packet], link).DestinationPort);
    }

    [Theory]
    [InlineData(LinkType.Raw)]
    [InlineData(LinkType.RawIPv4)]
    [InlineData(LinkType.RawIPv6)]
    public void Bare_packets_tell_their_version(LinkType link)
    {
        var packet = link == LinkType.RawIPv6 ? Packet6 : Packet;

        Assert.Equal(53, Decoded.Of(packet, link).DestinationPort);
    }

    [Theory]
    [InlineData(LinkType.Ethernet)]
    [InlineData(LinkType.LinuxCooked)]
    [InlineData(LinkType.LinuxCooked2)]
    [InlineData(LinkType.Null)]
    [InlineData(LinkType.Raw)]
    [InlineData((LinkType)127)]
    public void Too_little_of_a_frame_is_not_decoded(LinkType link)
    {
        Assert.False(Decoded.Of([0x45], link).IsDecoded);
        Assert.False(Decoded.Of([], link).IsDecoded);
    }

    [Fact]
    public void Arp_tells_who_asks_for_whom()
    {
        var found = Decoded.Of(Frames.Ethernet(0x0806, [.. Frames.Arp(1, "02:00:00:00:00:09", "10.0.0.9", "10.0.0.1"), .. new byte[18]]));

        Assert.False(found.IsIP);
        Assert.Equal(NeighborKind.Request, found.Neighbor.Kind);
        Assert.Equal("02:00:00:00:00:09", $"{found.Neighbor.SenderMac}");
        Assert.Equal((Frames.Value("10.0.0.9"), Frames.Value("10.0.0.1"), true), (found.Neighbor.Sender, found.Neighbor.Target, found.Neighbor.IsIPv4));
    }

    [Theory]
    [InlineData(1, "10.0.0.9", NeighborKind.Announcement)]
    [InlineData(2, "10.0.0.9", NeighborKind.Announcement)]
    [InlineData(2, "10.0.0.1", NeighborKind.Reply)]
    public void Arp_for_ones_own_address_announces_it(ushort operation, string target, NeighborKind kind)
    {
        Assert.Equal(kind, Decoded.Of(Frames.Ethernet(0x0806, Frames.Arp(operation, "02:00:00:00:00:09", "10.0.0.9", target))).Neighbor.Kind);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 8)]
    [InlineData(7, 3)]
    public void Arp_of_another_kind_is_not_decoded(int place, byte value)
    {
        var message = Frames.Arp(1, "02:00:00:00:00:09", "10.0.0.9", "10.0.0.1");
        message[place] = value;

        Assert.False(Decoded.Of(Frames.Ethernet(0x0806, message)).IsDecoded);
    }
}
