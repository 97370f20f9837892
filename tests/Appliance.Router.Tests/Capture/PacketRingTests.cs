using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Appliance.Router.Capture;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;

namespace Appliance.Router.Tests.Capture;

public sealed class PacketRingTests : IDisposable
{
    private const int Port = 4000;
    private readonly VethPair _cable = new();
    private readonly CaptureOptions _options = new() { RingBlocks = 4 };

    public void Dispose() => _cable.Dispose();

    [Fact]
    public async Task Every_frame_that_was_sent_is_read()
    {
        const int Sent = 50_000;

        // All of it fits, so that a machine that is busy with something else loses nothing either.
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions { RingBlocks = 64 }, TimeProvider.System));

        var (path, sink) = await WatchWhileAsync(ring, () => _cable.InFar(() => Send(VethPair.NearAddress, Sent)));

        Assert.Null(ring.Fault);
        Assert.Equal((ring.ReadCount, 0), (ring.KeptCount, ring.DroppedCount));
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

        Assert.Equal(ring.ReadCount, ring.KeptCount);
        Assert.NotEqual(0, ring.DroppedCount);

        // A few frames of Neighbor Discovery may have been lost as well.
        Assert.InRange(sink.Records.Single(flow => flow.Key.DestinationPort == Port).PacketsOut + ring.DroppedCount, Sent, Sent + 50);
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
    public async Task A_tag_that_the_kernel_took_off_is_told()
    {
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, _options, TimeProvider.System));

        var (_, sink) = await WatchWhileAsync(ring, () => _cable.InFar(() => SendTagged(7)));

        Assert.Equal(7, sink.Records.Single(flow => flow.Key.DestinationPort == Port).VlanId);
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
    public async Task An_interface_that_goes_down_ends_with_a_fault()
    {
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, _options, TimeProvider.System));
        var path = new PacketPath(new FlowOptions(), new RecordingSink(), null);
        var run = Task.Run(() => path.RunAsync(ring, CancellationToken.None));

        _cable.IpNear("link", "set", VethPair.Near, "down");
        await run;

        Assert.Equal(CaptureFaultKind.InterfaceFailed, ring.Fault?.Kind);
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

    // The kernel takes a tag off whatever it receives, with or without a device for it.
    private static int SendTagged(byte vlan)
    {
        byte[] frame =
        [
            .. Frames.Mac("ff:ff:ff:ff:ff:ff"), .. Frames.Mac(Frames.SourceMac), 0x81, 0, 0, vlan, 8, 0,
            .. Frames.IPv4("198.51.100.2", "198.51.100.1", 17, Frames.Udp(1, Port, [1])),
        ];
        using var socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        return socket.SendTo(frame, new LinkEndPoint("far0"));
    }

    /// <summary>sockaddr_ll of an interface.</summary>
    private sealed class LinkEndPoint(string name) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var index = NetworkInterface.GetAllNetworkInterfaces().Single(found => found.Name == name).GetIPProperties().GetIPv4Properties().Index;
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
