using System.Net;
using System.Net.Sockets;
using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;

namespace Appliance.Router.Tests.Capture;

public sealed class PacketRingTests : IDisposable
{
    private const int Port = 4000;
    private readonly VethPair _cable = new();
    private readonly CaptureOptions _options = new();

    public void Dispose() => _cable.Dispose();

    [Fact]
    public async Task Every_frame_that_was_sent_is_read()
    {
        const int Sent = 50_000;

        // All of it fits, so that a machine that is busy with something else loses nothing either.
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions { RingBlocks = 256 }, TimeProvider.System));

        var (path, sink) = await WatchWhileAsync(ring, () => _cable.InFar(() => Send(VethPair.NearAddress, Sent)));

        Assert.Null(ring.Fault);
        Assert.Equal((ring.ReadCount, 0), (ring.KernelCount, ring.DroppedCount));
        Assert.Equal(ring.ReadCount, path.Totals.Packets);
        Assert.Equal(Sent, sink.Records.Single(flow => flow.Key.DestinationPort == Port).PacketsOut);
    }

    [Fact]
    public async Task Frames_that_a_full_ring_lost_are_counted()
    {
        const int Sent = 50_000;
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions { RingBlocks = 2 }, TimeProvider.System));
        _cable.InFar(() => Send(VethPair.NearAddress, Sent));

        var (_, sink) = await WatchWhileAsync(ring, () => 0);

        Assert.Equal(ring.ReadCount, ring.KernelCount - ring.DroppedCount);
        Assert.NotEqual(0, ring.DroppedCount);

        // A few frames of Neighbor Discovery may have been lost as well.
        Assert.InRange(sink.Records.Single(flow => flow.Key.DestinationPort == Port).PacketsOut + ring.DroppedCount, Sent, Sent + 50);
    }

    [Fact]
    public async Task A_reader_that_was_held_up_for_half_a_second_on_a_quiet_link_has_lost_nothing()
    {
        const int Sent = 32;
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, _options, TimeProvider.System));

        // Further apart than the time after which the kernel hands over a block that is not full.
        for (var i = 0; i < Sent; i++)
        {
            _cable.InFar(() => Send(VethPair.NearAddress, 1));
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(15));
        }

        var (_, sink) = await WatchWhileAsync(ring, () => 0);

        Assert.Equal(0, ring.DroppedCount);
        Assert.Equal(Sent, sink.Records.Where(flow => flow.Key.DestinationPort == Port).Sum(flow => flow.PacketsOut));
    }

    [Fact]
    public async Task Times_of_frames_are_those_of_the_wall_clock()
    {
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, _options, TimeProvider.System));

        var (_, sink) = await WatchWhileAsync(ring, () => _cable.InFar(() => Send(VethPair.NearAddress, 1)));

        var start = DateTimeOffset.UnixEpoch.AddTicks(sink.Records.Single(flow => flow.Key.DestinationPort == Port).StartTime / 100);
        Assert.InRange(start, before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task The_loopback_interface_shows_each_frame_once()
    {
        using var ring = _cable.InNear(() => new PacketRing("lo", _options, TimeProvider.System));

        var (_, sink) = await WatchWhileAsync(ring, () => _cable.InNear(() => Send("127.0.0.1", 100)));

        Assert.Equal(100, sink.Records.Single(flow => flow.Key.DestinationPort == Port).PacketsOut);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_a_fault_that_names_it()
    {
        using var ring = _cable.InNear(() => new PacketRing("none0", _options, TimeProvider.System));

        Assert.Equal(ReadOutcome.End, ring.Read(out _));
        Assert.Equal(CaptureFaultKind.InterfaceFailed, ring.Fault?.Kind);
        Assert.StartsWith("none0: there is no such interface", ring.Fault?.Text);
    }

    [Fact]
    public async Task Frames_for_another_station_are_seen_in_promiscuous_mode()
    {
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions { Promiscuous = true }, TimeProvider.System));
        Assert.Contains("promiscuity 1", _cable.AskNear("-d", "link", "show", VethPair.Near));

        var (_, sink) = await WatchWhileAsync(ring, SendToStranger);

        Assert.Single(sink.Records, flow => flow.Key.DestinationPort == Port);
    }

    [Fact]
    public async Task Frames_for_another_station_are_not_seen_otherwise()
    {
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions { Promiscuous = false }, TimeProvider.System));
        Assert.Contains("promiscuity 0", _cable.AskNear("-d", "link", "show", VethPair.Near));

        var (_, sink) = await WatchWhileAsync(ring, () => SendToStranger() + _cable.InFar(() => Send(VethPair.NearAddress, 1)));

        // The one that was sent to this station, and not the other.
        Assert.Equal(VethPair.FarAddress, IPAddresses.ToIPAddress(Assert.Single(sink.Records, flow => flow.Key.DestinationPort == Port).Key.Source).ToString());
        Assert.Equal(ring.ReadCount, ring.KernelCount - ring.DroppedCount);
    }

    // Runs the path beside the work and lets what was sent meanwhile come to its end.
    private static async Task<(PacketPath Path, RecordingSink Sink)> WatchWhileAsync(PacketRing ring, Func<int> work)
    {
        var sink = new RecordingSink();
        var path = new PacketPath(new FlowOptions(), sink, sink);
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => path.RunAsync(ring, stop.Token));
        work();
        await stop.CancelAsync();
        await run;
        path.Finish();
        return (path, sink);
    }

    private static int Send(string address, int count)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = new IPEndPoint(IPAddress.Parse(address), Port);
        byte[] payload = [1, 2, 3, 4];
        for (var i = 0; i < count; i++)
        {
            socket.SendTo(payload, target);
        }

        return count;
    }

    private int SendToStranger()
    {
        using var far = _cable.SendFromFar();
        far.Send(Frames.Ethernet(0x0800, Frames.IPv4("198.51.100.2", "198.51.100.1", 17, Frames.Udp(1, Port, [1])), destination: "02:00:00:00:00:99"));
        return 1;
    }
}
