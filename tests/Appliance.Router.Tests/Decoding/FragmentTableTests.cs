using Appliance.Router.Capture;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

public sealed class FragmentTableTests
{
    private const long Second = 1_000_000_000;
    private readonly FragmentTable _table = new(new FragmentAssembly(65_536, 16));

    [Fact]
    public void A_later_fragment_gets_the_ports_of_the_first()
    {
        Resolve(IPv4(id: 7, offset: 0, more: true));

        Assert.Equal((1000, 53), Resolve(IPv4(id: 7, offset: 1480, more: false)));
    }

    [Theory]
    [InlineData(8, "10.0.0.1", 0)]
    [InlineData(7, "10.0.0.3", 0)]
    [InlineData(7, "10.0.0.1", 31)]
    public void A_fragment_of_another_packet_stays_without(ushort id, string source, int seconds)
    {
        Resolve(IPv4(id: 7, offset: 0, more: true));

        Assert.Equal((0, 0), Resolve(IPv4(id, offset: 1480, more: false, source), seconds * Second));
    }

    [Fact]
    public void A_later_fragment_of_ipv6_gets_the_protocol_too()
    {
        var table = new FragmentTable(new FragmentAssembly(65_536, 16));
        var inner = Frames.Extension(17, 1, Frames.Udp(1000, 53, [1]));
        PacketDecoder.TryDecode(Frame(IPv6(0, more: true, inner)), out var first);
        table.Resolve(ref first);
        PacketDecoder.TryDecode(Frame(IPv6(1448, more: false, new byte[8])), out var later);

        table.Resolve(ref later);

        Assert.Equal((17, 53), (later.Protocol, later.DestinationPort));
    }

    [Fact]
    public void A_whole_packet_is_left_alone()
    {
        Assert.Equal((1000, 53), Resolve(IPv4(id: 7, offset: 0, more: false)));
    }

    private static byte[] IPv4(ushort id, int offset, bool more, string source = "10.0.0.1") =>
        Frames.Ethernet(0x0800, Frames.IPv4(source, "10.0.0.2", 17, Frames.Udp(1000, 53, [1]), id: id, offset: offset, more: more));

    private static byte[] IPv6(int offset, bool more, byte[] payload) =>
        Frames.Ethernet(0x86dd, Frames.IPv6("fd00::1", "fd00::2", 44, Frames.FragmentExtension(60, 5, offset, more, payload)));

    private static Frame Frame(byte[] bytes, long time = 0) => new(bytes, bytes.Length, time, LinkType.Ethernet);

    private (int Source, int Destination) Resolve(byte[] bytes, long time = 0)
    {
        PacketDecoder.TryDecode(Frame(bytes, time), out var packet);
        _table.Resolve(ref packet);
        return (packet.SourcePort, packet.DestinationPort);
    }
}
