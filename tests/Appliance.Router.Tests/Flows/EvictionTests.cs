using Appliance.Router.Capture;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Flows;

[Trait("Category", "Slow")]
public sealed class EvictionTests
{
    private const int Capacity = 4096;
    private const int Mebi = 1024 * 1024;
    private readonly Wire _wire = new(new FlowOptions { Capacity = Capacity });

    [Fact]
    public void A_flood_of_new_flows_leaves_the_established_ones()
    {
        for (var port = 1; port <= 1000; port++)
        {
            Establish(port);
        }

        Flood(_wire.Path, first: 0, count: 20_000);

        Assert.Equal(1000, _wire.Path.ListFlows(long.MaxValue, Capacity).Count(listed => listed.Flow.Key.DestinationPort == 443));
        Assert.Equal((Capacity, 20_000 + 1000 - Capacity), _wire.Path.Totals is var totals ? (totals.ActiveFlows, totals.EvictedFlows) : default);
    }

    [Fact]
    public void A_million_spoofed_sources_take_no_more_memory_than_ten_thousand()
    {
        var path = new PacketPath(new FlowOptions { Capacity = Capacity }, new Silence(), null);
        Flood(path, first: 0, count: 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Flood(path, first: 10_000, count: 1_000_000);

        // The runtime itself takes a few kilobytes when it compiles hot methods anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.Equal((Capacity, 1_010_000 - Capacity), path.Totals is var totals ? (totals.ActiveFlows, totals.EvictedFlows) : default);
    }

    // P3. All of the table is allocated when it is made; pages that no flow has touched yet count only here.
    [Fact]
    public void A_table_of_a_million_flows_takes_its_memory_at_once_and_no_more_under_three_million_spoofed_ones()
    {
        const int Room = 1_000_000;
        const int Known = 10_000;
        const int Spoofed = 3_000_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var path = new PacketPath(new FlowOptions { Capacity = Room }, new Silence(), null);
        var table = GC.GetAllocatedBytesForCurrentThread() - before;
        for (var port = 1; port <= Known; port++)
        {
            Establish(path, port);
        }

        Flood(path, first: 0, count: 10_000);
        before = GC.GetAllocatedBytesForCurrentThread();
        Flood(path, first: 10_000, count: Spoofed - 10_000);

        // A process without flows takes 31 MiB, the mark is 256 MiB; the runtime takes a few kilobytes when it compiles hot methods anew.
        Assert.InRange(table, 200L * Mebi, 212L * Mebi);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.Equal((Room, Known + Spoofed - Room), path.Totals is var totals ? (totals.ActiveFlows, totals.EvictedFlows) : default);
        Assert.Equal(Known, path.ListFlows(long.MaxValue, Room).Count(listed => listed.Flow.Key.DestinationPort == 443));
    }

    [Fact]
    public void Spoofed_flows_that_a_server_answers_do_not_push_out_established_ones()
    {
        for (var port = 1; port <= 1000; port++)
        {
            Establish(port);
        }

        for (var i = 0; i < 10_000; i++)
        {
            var source = $"203.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}";
            _wire.Tcp(2, source, 1, Wire.Server, 80, "S").Tcp(2, Wire.Server, 80, source, 1, "SA", sequence: 500);
        }

        Assert.Equal(1000, _wire.Path.ListFlows(long.MaxValue, Capacity).Count(listed => listed.Flow.Key.DestinationPort == 443));
    }

    [Fact]
    public void An_evicted_flow_is_told_and_recorded()
    {
        for (var port = 1; port <= Capacity + 1; port++)
        {
            _wire.Udp(0, Wire.Client, port, Wire.Server, 53);
        }

        var told = _wire.Sink.Events.Single(told => told.Kind == FlowEventKind.Ended);
        Assert.Equal((EndReason.Evicted, 1), (told.Flow.EndReason, (int)told.Flow.Key.SourcePort));
        Assert.Single(_wire.Sink.Records);
    }

    [Fact]
    public void Closed_flows_go_first_and_are_no_eviction()
    {
        _wire.Out(0, "S").In(0, "RA");
        for (var port = 1; port <= Capacity; port++)
        {
            _wire.Udp(0, Wire.Client, port, Wire.Server, 53);
        }

        Assert.Equal(0, _wire.Path.Totals.EvictedFlows);
        Assert.Equal(EndReason.Reset, Assert.Single(_wire.Sink.Records).EndReason);
    }

    [Fact]
    public void When_all_are_established_the_stalest_of_a_few_goes()
    {
        for (var port = 1; port <= Capacity; port++)
        {
            Establish(port);
        }

        for (var port = 100; port <= Capacity; port++)
        {
            _wire.Tcp(5, Wire.Client, port, Wire.Server, 443, "A", acknowledgment: 501);
        }

        _wire.Udp(6, Wire.Client, 1, Wire.Server, 53);

        var gone = Assert.Single(_wire.Sink.Records);
        Assert.Equal(EndReason.Evicted, gone.EndReason);
        Assert.InRange(gone.Key.SourcePort, 1, 99);
    }

    private void Establish(int port) => _wire
        .Tcp(1, Wire.Client, port, Wire.Server, 443, "S", sequence: 100)
        .Tcp(1, Wire.Server, 443, Wire.Client, port, "SA", sequence: 500)
        .Tcp(1, Wire.Client, port, Wire.Server, 443, "A", sequence: 101, acknowledgment: 501);

    private static void Establish(PacketPath path, int port)
    {
        Put(path, Frames.IPv4Frame(Wire.Client, Wire.Server, 6, Frames.Tcp(port, 443, 0x02, sequence: 100)));
        Put(path, Frames.IPv4Frame(Wire.Server, Wire.Client, 6, Frames.Tcp(443, port, 0x12, sequence: 500)));
        Put(path, Frames.IPv4Frame(Wire.Client, Wire.Server, 6, Frames.Tcp(port, 443, 0x10, sequence: 101, acknowledgment: 501)));
    }

    private static void Put(PacketPath path, byte[] frame) => path.Process(new Frame(frame, frame.Length, Wire.At(1), LinkType.Ethernet));

    // Each packet from a source of its own, a million a second.
    private static void Flood(PacketPath path, int first, int count)
    {
        var frame = Frames.IPv4Frame("203.0.113.1", Wire.Server, 6, Frames.Tcp(1, 80, 0x02));
        for (var i = first; i < first + count; i++)
        {
            BitConverter.TryWriteBytes(frame.AsSpan(26), 0x4000_0000 + i);
            path.Process(new Frame(frame, frame.Length, Wire.At(2 + (i * 1e-6)), LinkType.Ethernet));
        }
    }

    private sealed class Silence : IFlowEventSink
    {
        public void Accept(in FlowEvent flowEvent)
        {
        }
    }
}
