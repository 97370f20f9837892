using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using static Appliance.Router.Flows.FlowEventKind;

namespace Appliance.Router.Tests.Flows;

public sealed class DatagramFlowTests
{
    private readonly Wire _wire = new();

    [Fact]
    public void A_datagram_back_answers()
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 53).Udp(0.1, Wire.Server, 53, Wire.Client, 5000).Finish();

        Assert.Equal([Began, Answered, Ended], _wire.Kinds);
        Assert.Equal((1, 1, 29, 29), _wire.Sink.Records[0] is var flow ? (flow.PacketsOut, flow.PacketsIn, flow.BytesOut, flow.BytesIn) : default);
    }

    [Fact]
    public void A_datagram_flow_ends_after_a_minute_of_silence()
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 53).Wait(59).Udp(59, Wire.Client, 5000, Wire.Server, 53).Wait(118);
        Assert.DoesNotContain(Ended, _wire.Kinds);

        _wire.Wait(119.5);

        Assert.Equal(Ended, _wire.Kinds.Last());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(13)]
    public void An_icmp_unreachable_that_quotes_a_flow_refuses_it(byte code)
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 9).Icmp(0.1, "10.0.0.254", Wire.Client, 3, code, Quote());

        Assert.Equal([Began, Began, Refused], _wire.Kinds);
        Assert.Equal((17, FlowState.Refused), (_wire.LastTold.Key.Protocol, _wire.LastTold.State));
    }

    [Fact]
    public void A_request_for_smaller_packets_refuses_nothing()
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 9).Icmp(0.1, "10.0.0.254", Wire.Client, 3, 4, Quote());

        Assert.DoesNotContain(Refused, _wire.Kinds);
    }

    [Fact]
    public void An_unreachable_sent_to_somebody_else_refuses_nothing()
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 9).Icmp(0.1, "10.0.0.254", "10.0.0.7", 3, 3, Quote());

        Assert.DoesNotContain(Refused, _wire.Kinds);
    }

    [Fact]
    public void An_answered_flow_can_not_be_refused()
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 9).Udp(0.1, Wire.Server, 9, Wire.Client, 5000).Icmp(0.2, Wire.Server, Wire.Client, 3, 3, Quote());

        Assert.DoesNotContain(Refused, _wire.Kinds);
    }

    [Fact]
    public void An_icmpv6_unreachable_refuses_too()
    {
        var sent = Frames.IPv6("2001:db8::1", "2001:db8::2", 17, Frames.Udp(5000, 9, [1]));
        var error = Frames.IPv6("2001:db8::2", "2001:db8::1", 58, [1, 4, 0, 0, 0, 0, 0, 0, .. sent]);

        _wire.Put(0, Frames.Ethernet(0x86dd, sent)).Put(0.1, Frames.Ethernet(0x86dd, error));

        Assert.Equal(Refused, _wire.Kinds.Last());
    }

    [Fact]
    public void A_ping_and_its_reply_are_one_flow_with_type_and_code()
    {
        _wire.Icmp(0, Wire.Client, Wire.Server, 8, 0).Icmp(0.1, Wire.Server, Wire.Client, 0, 0).Finish();

        var flow = Assert.Single(_wire.Sink.Records);
        Assert.Equal((8, 0, FlowState.Answered), (flow.Key.SourcePort, flow.Key.DestinationPort, flow.State));
    }

    [Fact]
    public void Unreachables_in_both_directions_are_two_flows()
    {
        _wire.Icmp(0, Wire.Client, Wire.Server, 3, 3).Icmp(0.1, Wire.Server, Wire.Client, 3, 3).Finish();

        Assert.Equal([FlowState.Unanswered, FlowState.Unanswered], _wire.Sink.Records.Select(flow => flow.State));
    }

    [Fact]
    public void Fragments_count_towards_the_flow_of_the_first()
    {
        var whole = Frames.Udp(5000, 53, new byte[2000]);
        _wire.Put(0, Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 17, whole[..1480], id: 9, more: true)))
            .Put(0.1, Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 17, whole[1480..], id: 9, offset: 1480)))
            .Finish();

        var flow = Assert.Single(_wire.Sink.Records);
        Assert.Equal((53, 2L, 2048L), ((int)flow.Key.DestinationPort, flow.PacketsOut, flow.BytesOut));
    }

    [Fact]
    public void Fragments_without_their_first_are_a_flow_without_ports()
    {
        _wire.Put(0, Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 17, new byte[100], id: 9, offset: 1480))).Finish();

        Assert.Equal((0, 0), Assert.Single(_wire.Sink.Records).Key is var key ? (key.SourcePort, key.DestinationPort) : default);
    }

    [Fact]
    public void Arp_is_told_as_neighbor_and_is_no_flow()
    {
        _wire.Put(0, Frames.Ethernet(0x0806, Frames.Arp(1, Frames.SourceMac, "10.0.0.1", "10.0.0.2"))).Finish();

        Assert.Equal((FlowEventKind.Neighbor, NeighborKind.Request, Wire.At(0)), _wire.Sink.Events.Single() is var told ? (told.Kind, told.Neighbor.Kind, told.Time) : default);
        Assert.Empty(_wire.Sink.Records);
    }

    [Fact]
    public void Frames_that_carry_nothing_known_are_counted_as_undecoded()
    {
        _wire.Put(0, Frames.Ethernet(0x88cc, new byte[50])).Udp(1, Wire.Client, 1, Wire.Server, 2);

        Assert.Equal((2, 1, 64 + 43), _wire.Path.Totals is var totals ? (totals.Packets, totals.UndecodedPackets, totals.Bytes) : default);
    }

    [Fact]
    public void The_first_frame_gives_the_addresses_of_the_link()
    {
        _wire.Udp(0, Wire.Client, 5000, Wire.Server, 53).Finish();

        Assert.Equal((Frames.SourceMac, Frames.DestinationMac), _wire.Sink.Records[0] is var flow ? ($"{flow.SourceMac}", $"{flow.DestinationMac}") : default);
    }

    [Fact]
    public void The_newest_flows_are_listed_first_and_page_by_page()
    {
        for (var port = 1; port <= 5; port++)
        {
            _wire.Udp(port, Wire.Client, port, Wire.Server, 53);
        }

        var first = _wire.Path.ListFlows(long.MaxValue, 2);
        var second = _wire.Path.ListFlows(first[^1].Ordinal, 2);
        var third = _wire.Path.ListFlows(second[^1].Ordinal, 2);

        Assert.Equal([5, 4, 3, 2, 1], first.Concat(second).Concat(third).Select(listed => (int)listed.Flow.Key.SourcePort));
    }

    private static byte[] Quote() => Frames.IPv4(Wire.Client, Wire.Server, 17, Frames.Udp(5000, 9, [1]));
}
