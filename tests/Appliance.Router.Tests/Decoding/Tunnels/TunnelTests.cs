using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Tunnels;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Flows;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Decoding.Tunnels;

public sealed class TunnelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Kinds() => [.. Tunneled.Frames.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_flow_is_that_of_the_inner_packet(string kind)
    {
        var decoded = Decoded.Of(Tunneled.Frames[kind]);

        var isIPv4 = !decoded.Source.Contains(':', StringComparison.Ordinal);
        Assert.Equal(isIPv4 ? ("10.1.0.1", "10.1.0.2") : ("fd01::1", "fd01::2"), (decoded.Source, decoded.Destination));
        Assert.Equal((17, 1000, 2000), (decoded.Protocol, decoded.SourcePort, decoded.DestinationPort));
        Assert.Equal(isIPv4 ? Tunneled.Inner.Length : Tunneled.InnerV6.Length, decoded.IPBytes);
        Assert.Equal([1, 2, 3], decoded.Payload);
    }

    [Theory]
    [InlineData("pppoe", TunnelKind.Pppoe, 7, "::", "::")]
    [InlineData("IPv4 in IPv4", TunnelKind.IPInIP, 0, "10.0.0.1", "10.0.0.2")]
    [InlineData("IPv6 in IPv4", TunnelKind.IPInIP, 0, "10.0.0.1", "10.0.0.2")]
    [InlineData("IPv4 in IPv6", TunnelKind.IPInIP, 0, "fd00::1", "fd00::2")]
    [InlineData("gre", TunnelKind.Gre, 0, "10.0.0.1", "10.0.0.2")]
    [InlineData("gre with all options", TunnelKind.Gre, 7, "10.0.0.1", "10.0.0.2")]
    [InlineData("gre with a frame", TunnelKind.Gre, 7, "10.0.0.1", "10.0.0.2")]
    [InlineData("vxlan", TunnelKind.Vxlan, 7, "10.0.0.1", "10.0.0.2")]
    public void The_outer_packet_is_told_once_a_flow(string kind, TunnelKind expected, uint id, string source, string destination)
    {
        var wire = new Wire();

        wire.Put(1, Tunneled.Frames[kind]).Put(2, Tunneled.Frames[kind]);

        var fact = Assert.IsType<TunnelFact>(Assert.Single(wire.Sink.Facts));
        Assert.Equal((expected, id, Frames.Value(source), Frames.Value(destination)), (fact.Kind, fact.Id, fact.OuterSource, fact.OuterDestination));
        Assert.Equal(1000, fact.Origin.SourcePort);
    }

    [Fact]
    public void The_hardware_addresses_are_those_of_the_inner_frame()
    {
        var (vxlan, gre) = (Decoded.Of(Tunneled.Frames["vxlan"]), Decoded.Of(Tunneled.Frames["gre"]));

        Assert.Equal((Tunneled.InnerMac, Frames.SourceMac), (vxlan.SourceMac.ToString(), gre.SourceMac.ToString()));
    }

    [Fact]
    public void A_tunnel_within_a_tunnel_stays_closed()
    {
        var decoded = Decoded.Of(Tunneled.Outer(4, Frames.IPv4("10.1.0.1", "10.1.0.2", 4, Tunneled.Inner)));

        Assert.Equal(("10.1.0.1", IPProtocol.IPv4), (decoded.Source, decoded.Protocol));
    }

    [Theory]
    [InlineData(47, "00010800")]
    [InlineData(47, "40000800")]
    [InlineData(47, "2000080000")]
    [InlineData(47, "00001234")]
    [InlineData(4, "60")]
    [InlineData(41, "45")]
    [InlineData(17, "138812b5000b000008")]
    [InlineData(17, "138812b500130000000000000000070001020304")]
    public void What_cannot_be_opened_is_a_flow_between_the_ends(byte protocol, string payload)
    {
        var bytes = Convert.FromHexString(payload);

        var decoded = Decoded.Of(Tunneled.Outer(protocol, bytes));

        Assert.Equal(("10.0.0.1", protocol), (decoded.Source, decoded.Protocol));
        Assert.Equal(bytes.Length - (protocol == 17 ? 8 : 0), decoded.PayloadBytes);
    }

    [Fact]
    public void A_fragmented_tunnel_packet_is_a_flow_between_the_ends()
    {
        var first = Decoded.Of(Frames.Ethernet(0x0800, Frames.IPv4("10.0.0.1", "10.0.0.2", 4, Tunneled.Inner, more: true)));

        Assert.Equal("10.0.0.1", first.Source);
    }

    [Theory]
    [InlineData(0xc021, "01010004")]
    [InlineData(0x0021, "")]
    [InlineData(0x0021, "4500")]
    public void What_pppoe_carries_besides_is_not_decoded(ushort protocol, string payload) =>
        Assert.False(Decoded.Of(Frames.Ethernet(0x8864, Tunneled.Pppoe(protocol, Convert.FromHexString(payload)))).IsDecoded);

    [Fact]
    public void What_pppoe_says_to_hold_ends_the_packet()
    {
        byte[] session = [.. Tunneled.Pppoe(0x0021, Tunneled.Inner), .. new byte[20]];

        Assert.Equal(Tunneled.Inner.Length, Decoded.Of(Frames.Ethernet(0x8864, session)).IPBytes);
    }

    // Wireshark gives all layers' values; the last are the innermost.
    [Fact]
    public void The_innermost_packet_is_the_one_that_Wireshark_finds()
    {
        Assert.SkipWhen(Tshark.IsMissing, "tshark is not installed");
        var file = _folder.File("tunnels.pcap");
        File.WriteAllBytes(file, CaptureBytes.Classic([.. Tunneled.Frames.Values]));

        var innermost = Tshark.Fields(file, "udp", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport")
            .Select(cells => cells.Select(values => values.Split('\t')[^1]).ToArray())
            .Select(cells => $"{cells[4]} {cells[5]} {(cells[2].StartsWith("fd01", StringComparison.Ordinal) ? cells[2] : cells[0])}");

        var ours = Tunneled.Frames.Values.Select(frame => Decoded.Of(frame)).Select(decoded => $"{decoded.SourcePort} {decoded.DestinationPort} {decoded.Source}");
        Assert.Equal(innermost, ours);
    }
}
