using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;

namespace Appliance.Router.Tests.Capture;

/// <summary>Several threads share an interface.</summary>
public sealed class RingGroupTests : IDisposable
{
    private const int Threads = 4;
    private readonly VethPair _cable = new();
    private readonly CaptureOptions _options = new();

    public void Dispose() => _cable.Dispose();

    [Fact]
    public async Task Both_directions_of_each_flow_meet_in_one_thread_and_nothing_is_counted_twice()
    {
        const int Hosts = 250;
        var flows = Enumerable.Range(1, Hosts).SelectMany(host => new[] { new Pair($"10.1.0.{host}", "10.2.0.1"), new Pair($"fd00::1:{host:x}", "fd00::2") }).ToList();

        var shards = await CaptureAsync((far, near) =>
        {
            foreach (var flow in flows)
            {
                far.Send(Datagram(flow.Client, flow.Server, 1000, 53), Datagram(flow.Client, flow.Server, 1000, 53));
                near.Send(Datagram(flow.Server, flow.Client, 53, 1000));
            }
        });

        var records = Records(shards, port: 53);
        Assert.Equal(flows.Count, records.Count);
        Assert.All(records, flow => Assert.Equal((1000, 2L, 1L), ((int)flow.Key.SourcePort, flow.PacketsOut, flow.PacketsIn)));
        Assert.All(shards, shard => Assert.InRange(shard.Sink.Records.Count, flows.Count / Threads / 4, flows.Count / 2));
    }

    [Fact]
    public async Task A_fragment_meets_the_flow_that_it_belongs_to()
    {
        var shards = await CaptureAsync((far, near) =>
        {
            for (var host = 1; host <= 50; host++)
            {
                var answer = Frames.Udp(53, 1000, new byte[1200]);
                far.Send(Datagram($"10.1.0.{host}", "10.2.0.1", 1000, 53));
                near.Send(
                    Frames.Ethernet(0x0800, Frames.IPv4("10.2.0.1", $"10.1.0.{host}", 17, answer[..808], id: (ushort)host, more: true)),
                    Frames.Ethernet(0x0800, Frames.IPv4("10.2.0.1", $"10.1.0.{host}", 17, answer[808..], id: (ushort)host, offset: 808)));
            }
        });

        var records = Records(shards, port: 53);
        Assert.Equal(50, records.Count);
        Assert.All(records, flow => Assert.Equal((1L, 2L), (flow.PacketsOut, flow.PacketsIn)));
    }

    [Fact]
    public async Task A_refusal_meets_the_flow_that_it_refuses()
    {
        var shards = await CaptureAsync((far, near) =>
        {
            for (var host = 1; host <= 50; host++)
            {
                var (asked, asked6) = (Datagram($"10.1.0.{host}", "10.2.0.1", 1000, 99), Datagram($"fd00::1:{host:x}", "fd00::2", 1000, 99));
                far.Send(asked, asked6);

                // The refusal comes from a router on the way, whose address is none of the flow's.
                near.Send(
                    Frames.Ethernet(0x0800, Frames.IPv4("10.9.9.9", $"10.1.0.{host}", 1, Frames.Icmp(3, 1, asked[14..]))),
                    Frames.Ethernet(0x86dd, Frames.IPv6("fd00::9", $"fd00::1:{host:x}", 58, Frames.Icmp(1, 3, asked6[14..]))));
            }
        });

        var records = Records(shards, port: 99);
        Assert.Equal(100, records.Count);
        Assert.All(records, flow => Assert.Equal(FlowState.Refused, flow.State));
    }

    [Fact]
    public void A_group_that_cannot_be_had_is_one_fault()
    {
        var rings = _cable.InNear(() => PacketRing.OpenGroup("none0", Threads, _options, TimeProvider.System));

        Assert.Equal(CaptureFaultKind.InterfaceFailed, Assert.Single(rings).Fault?.Kind);
        Assert.Equal(ReadOutcome.End, rings[0].Read(out _));
    }

    private static byte[] Datagram(string source, string destination, int sourcePort, int destinationPort) => source.Contains(':')
        ? Frames.Ethernet(0x86dd, Frames.IPv6(source, destination, 17, Frames.Udp(sourcePort, destinationPort, [1])))
        : Frames.IPv4Frame(source, destination, 17, Frames.Udp(sourcePort, destinationPort, [1]));

    private static List<Flow> Records(IReadOnlyList<Shard> shards, int port) =>
        [.. shards.SelectMany(shard => shard.Sink.Records).Where(flow => flow.Key.DestinationPort == port || flow.Key.SourcePort == port)];

    // A path and flows for each thread while both ends send; then what is under way comes to its end.
    private async Task<IReadOnlyList<Shard>> CaptureAsync(Action<FrameSender, FrameSender> send)
    {
        var rings = _cable.InNear(() => PacketRing.OpenGroup(VethPair.Near, Threads, _options, TimeProvider.System));
        var shards = rings.Select(ring => new Shard(ring)).ToList();
        using var stop = new CancellationTokenSource();
        var runs = shards.Select(shard => Task.Factory.StartNew(
            () => shard.Path.RunAsync(shard.Ring, stop.Token).GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        using (var far = _cable.SendFromFar())
        using (var near = _cable.SendFromNear())
        {
            send(far, near);
        }

        await stop.CancelAsync();
        await Task.WhenAll(runs);
        foreach (var shard in shards)
        {
            shard.Path.Finish();
            Assert.Equal((shard.Ring.KernelCount, 0), (shard.Ring.ReadCount, shard.Ring.DroppedCount));
            shard.Ring.Dispose();
        }

        return shards;
    }

    private sealed record Pair(string Client, string Server);

    private sealed class Shard
    {
        public Shard(PacketRing ring)
        {
            Ring = ring;
            Path = new PacketPath(new FlowOptions { Capacity = 4096 }, Sink, Sink);
        }

        public PacketRing Ring { get; }

        public RecordingSink Sink { get; } = new();

        public PacketPath Path { get; }
    }
}
