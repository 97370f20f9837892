using System.Net;
using System.Net.Sockets;
using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Capture;

/// <summary>Frames that an interface shows otherwise than they were on the wire.</summary>
public sealed class RingFrameTests : IDisposable
{
    private const int Port = 4000;
    private readonly VethPair _cable = new();
    private readonly CaptureOptions _options = new() { RingBlocks = 128 };

    public void Dispose() => _cable.Dispose();

    // The kernel takes the outermost tag off whatever it receives, as network cards do.
    [Theory]
    [InlineData("8100:7", 7)]
    [InlineData("88a8:5", 5)]
    [InlineData("88a8:5 8100:7", 7)]
    [InlineData("8100:0", 0)]
    [InlineData("8100:0 8100:7", 7)]
    [InlineData("", 0)]
    public void The_innermost_tag_counts_wherever_it_was_taken_off(string tags, int vlan)
    {
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, _options, TimeProvider.System));
        byte[] frame =
        [
            .. Frames.Mac("ff:ff:ff:ff:ff:ff"), .. Frames.Mac(Frames.SourceMac),
            .. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Tag),
            8, 0, .. Frames.IPv4("198.51.100.2", "198.51.100.1", 17, Frames.Udp(1, Port, [1])),
        ];
        using var far = _cable.SendFromFar();

        far.Send(frame);

        Assert.Equal([vlan], ReadAll(ring).Where(seen => seen.Port == Port).Select(seen => seen.Vlan));
    }

    [Fact]
    public async Task Segments_that_the_kernel_has_put_together_are_read_whole()
    {
        const int Sent = 20_000_000;
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, _options, TimeProvider.System));
        using var listener = _cable.InNear(() => new TcpListener(IPAddress.Parse(VethPair.NearAddress), Port));
        _cable.InNear(() => { listener.Start(); return 0; });
        var receiving = Task.Run(() => Receive(listener), TestContext.Current.CancellationToken);
        var reading = Task.Run(() => ReadAll(ring, () => receiving.IsCompleted), TestContext.Current.CancellationToken);

        _cable.InFar(() => SendStream(Sent));

        Assert.Equal(Sent, await receiving);
        var segments = (await reading).Where(seen => seen.Port == Port).ToList();
        Assert.Equal(0, ring.DroppedCount);
        Assert.All(segments, seen => Assert.Equal(seen.OriginalLength, seen.Length));

        // Far above the 1514 bytes of the wire: sent in one piece, with a checksum that is still to be made.
        Assert.InRange(segments.Max(seen => seen.OriginalLength), 32_000, 65_600);
        Assert.Equal(Sent, Covered(segments));
    }

    private static byte[] Tag(string tag) => [.. Convert.FromHexString(tag[..4]), .. Frames.UInt16(ushort.Parse(tag[5..], System.Globalization.CultureInfo.InvariantCulture))];

    private static int SendStream(int count)
    {
        using var client = new TcpClient(VethPair.NearAddress, Port);
        client.GetStream().Write(new byte[count]);
        return count;
    }

    private static int Receive(TcpListener listener)
    {
        using var client = listener.AcceptTcpClient();
        var buffer = new byte[1 << 16];
        var total = 0;
        for (int read; (read = client.GetStream().Read(buffer)) > 0;)
        {
            total += read;
        }

        return total;
    }

    // Bytes of the stream that were seen, those sent again once. One that got lost on the way comes later.
    private static long Covered(List<Seen> segments)
    {
        var first = segments[0].Sequence + 1;
        long end = 0;
        foreach (var segment in segments.Where(seen => seen.Payload > 0).OrderBy(seen => seen.Sequence - first))
        {
            var begin = (long)(segment.Sequence - first);
            Assert.True(begin <= end, $"bytes {end} to {begin} were not seen");
            end = Math.Max(end, begin + segment.Payload);
        }

        return end;
    }

    // All there is, from now on until the work is done.
    private static List<Seen> ReadAll(PacketRing ring, Func<bool>? isDone = null)
    {
        var all = new List<Seen>();
        var isHalted = false;
        for (var outcome = ring.Read(out var frame); outcome != ReadOutcome.End; outcome = ring.Read(out frame))
        {
            if (outcome == ReadOutcome.Frame)
            {
                PacketDecoder.TryDecode(frame, out var packet);
                all.Add(new Seen(frame.Bytes.Length, frame.OriginalLength, packet.DestinationPort, packet.VlanId, packet.TcpSequence, packet.PayloadBytes));
                continue;
            }

            if (!isHalted && isDone?.Invoke() != false)
            {
                ring.Halt();
                isHalted = true;
            }

            ring.WaitAsync(CancellationToken.None).AsTask().Wait(TestContext.Current.CancellationToken);
        }

        Assert.Equal(ring.ReadCount, ring.KernelCount - ring.DroppedCount);
        return all;
    }

    private sealed record Seen(int Length, long OriginalLength, int Port, int Vlan, uint Sequence, long Payload);
}
