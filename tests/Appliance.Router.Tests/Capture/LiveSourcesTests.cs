using Appliance.Router.Capture;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Router.Tests.Capture;

/// <summary>Live frames by the ring and by libpcap, filtered and not, over a real cable.</summary>
[Trait("Category", "Slow")]
public sealed class LiveSourcesTests : IDisposable
{
    private const int OtherPort = 4001;
    private readonly VethPair _cable = new();

    public LiveSourcesTests() => Libpcap.SkipIfMissing();

    public void Dispose() => _cable.Dispose();

    [Theory]
    [InlineData(CaptureMethod.Ring)]
    [InlineData(CaptureMethod.Pcap)]
    public async Task Every_frame_that_was_sent_is_given_whole_and_in_order(CaptureMethod method)
    {
        const int Sent = 20_000;
        using var source = Open(new CaptureOptions { Method = method, RingBlocks = 256 });

        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, Sent)));

        Assert.Null(source.Fault);
        Assert.Equal(0, source.DroppedCount);
        Assert.Equal(Enumerable.Range(0, Sent).Select(i => (i, 4 + (i % 1000))), frames.PayloadsTo(Datagrams.Port).Select(payload => (BitConverter.ToInt32(payload), payload.Length)));
        Assert.All(frames, frame => Assert.Equal(frame.OriginalLength, frame.Bytes.Length));
    }

    [Fact]
    public async Task Libpcap_gives_what_the_ring_gives()
    {
        using var ring = Open(new CaptureOptions { Method = CaptureMethod.Ring, RingBlocks = 256 });
        using var libpcap = Open(new CaptureOptions { Method = CaptureMethod.Pcap, RingBlocks = 256 });

        var byLibpcap = new List<ReadFrame>();
        var byRing = await WatchedFrames.WhileAsync(ring, () =>
        {
            byLibpcap = WatchedFrames.WhileAsync(libpcap, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 5000))).GetAwaiter().GetResult();
            return 0;
        });

        // The kernel stamps a frame for each socket by itself unless one asks for it earlier, so the times are near and not equal.
        var (first, second) = (byRing.PayloadsTo(Datagrams.Port).ToList(), byLibpcap.PayloadsTo(Datagrams.Port).ToList());
        Assert.Equal(5000, first.Count);
        Assert.Equal(first.Select(Convert.ToHexString), second.Select(Convert.ToHexString));
        Assert.Equal(((SharpPcapSource)libpcap).ReadCount, ((SharpPcapSource)libpcap).KeptCount);
        Assert.True(Math.Abs(byRing[^1].Time - byLibpcap[^1].Time) < 1_000_000_000L);
    }

    [Fact]
    public async Task Frames_that_did_not_fit_are_counted_by_libpcap()
    {
        const int Sent = 50_000;
        using var source = (SharpPcapSource)Open(new CaptureOptions { Method = CaptureMethod.Pcap, RingBlocks = 2 });
        _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, Sent));

        var frames = await WatchedFrames.WhileAsync(source, () => 0);

        Assert.Equal(source.KeptCount, source.ReadCount);
        Assert.NotEqual(0, source.DroppedCount);
        Assert.InRange(frames.PayloadsTo(Datagrams.Port).Count() + source.DroppedCount, Sent, Sent + 50);
    }

    [Theory]
    [InlineData(CaptureMethod.Ring)]
    [InlineData(CaptureMethod.Pcap)]
    public async Task Only_what_the_filter_lets_through_comes_from_the_first_frame_on(CaptureMethod method)
    {
        using var stop = new CancellationTokenSource();

        // Sent while the source is opened: what slipped in before the filter stands would be seen.
        var noise = Task.Run(() => _cable.InFar(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Datagrams.Send(VethPair.NearAddress, 100, OtherPort);
            }

            return 0;
        }));
        using var source = Open(new CaptureOptions { Method = method, Filter = $"udp dst port {Datagrams.Port}" });
        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 500)));
        await stop.CancelAsync();
        await noise;

        Assert.Equal(500, frames.Count);
        Assert.Equal(500, frames.PayloadsTo(Datagrams.Port).Count());
        Assert.Equal(0, source.DroppedCount);
    }

    [Theory]
    [InlineData(CaptureMethod.Ring)]
    [InlineData(CaptureMethod.Pcap)]
    public async Task A_filter_sees_a_tag_that_the_kernel_took_off(CaptureMethod method)
    {
        using var source = Open(new CaptureOptions { Method = method, Filter = $"vlan 7 and udp dst port {Datagrams.Port}" });

        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() =>
            Datagrams.SendTagged("far0", 7) + Datagrams.SendTagged("far0", 8) + Datagrams.SendTagged("far0", 7, OtherPort) + Datagrams.Send(VethPair.NearAddress, 10)));

        Assert.Single(frames);
    }

    [Theory]
    [InlineData(CaptureMethod.Ring, "")]
    [InlineData(CaptureMethod.Ring, "udp")]
    [InlineData(CaptureMethod.Pcap, "udp")]
    public async Task A_snapshot_length_cuts_frames_and_keeps_their_length(CaptureMethod method, string filter)
    {
        using var source = _cable.InNear(() => Sources().Open(VethPair.Near, new CaptureOptions { Method = method, Filter = filter }, snapLength: 60));

        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 100)));

        var cut = frames.Where(frame => frame.OriginalLength > 60).ToList();
        Assert.InRange(cut.Count, 80, 120);
        Assert.All(cut, frame => Assert.Equal(60, frame.Bytes.Length));
    }

    [Theory]
    [InlineData(CaptureMethod.Auto)]
    [InlineData(CaptureMethod.Ring)]
    [InlineData(CaptureMethod.Pcap)]
    public void A_filter_that_cannot_be_compiled_is_a_fault_that_names_it(CaptureMethod method)
    {
        using var source = Open(new CaptureOptions { Method = method, Filter = "udp or" });

        Assert.Equal(ReadOutcome.End, source.Read(out _));
        Assert.StartsWith($"{VethPair.Near}: filter 'udp or': ", source.Fault?.Text, StringComparison.Ordinal);
        Assert.Contains("syntax error", source.Fault?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_the_ring_can_have_is_not_weak()
    {
        using var source = Open(new CaptureOptions());

        Assert.IsType<PacketRing>(source);
        Assert.Null(source.Weakness);
    }

    [Fact]
    public async Task All_interfaces_at_once_are_libpcaps_and_it_is_said_why()
    {
        var log = new LastLine();
        using var source = _cable.InNear(() => new LiveSources(TimeProvider.System, log).Open("any", new CaptureOptions()));

        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 100)));

        Assert.IsType<SharpPcapSource>(source);
        Assert.All(frames, frame => Assert.Equal(LinkType.LinuxCooked, frame.Link));
        Assert.InRange(frames.Count, 100, 120);
        Assert.Contains("the kernel has no single interface of that name", source.Weakness, StringComparison.Ordinal);
        Assert.Equal("Interface any is watched by libpcap: the kernel has no single interface of that name.", log.Text);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_the_rings_fault()
    {
        using var source = _cable.InNear(() => Sources().Open("none0", new CaptureOptions()));

        Assert.StartsWith("none0: there is no such interface", source.Fault?.Text, StringComparison.Ordinal);
        Assert.Equal(CaptureFaultKind.InterfaceFailed, source.Fault?.Kind);
    }

    [Theory]
    [InlineData(CaptureMethod.Ring)]
    [InlineData(CaptureMethod.Pcap)]
    public async Task A_device_that_was_down_meanwhile_is_read_on(CaptureMethod method)
    {
        using var source = Open(new CaptureOptions { Method = method });

        var frames = await WatchedFrames.WhileAsync(source, () =>
        {
            var sent = _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 50));
            _cable.IpNear("link", "set", VethPair.Near, "down");
            _cable.IpNear("link", "set", VethPair.Near, "up");
            return sent + _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 5000));
        });

        // The far end sends nothing until its kernel has noticed, some milliseconds later.
        Assert.Null(source.Fault);
        Assert.InRange(frames.PayloadsTo(Datagrams.Port).Count(), 51, 5050);
    }

    [Fact]
    public async Task A_device_that_goes_away_ends_libpcap_with_a_fault()
    {
        using var source = Open(new CaptureOptions { Method = CaptureMethod.Pcap });

        await WatchedFrames.WhileAsync(source, () =>
        {
            _cable.IpNear("link", "del", VethPair.Near);
            return 0;
        });

        Assert.StartsWith($"{VethPair.Near}: ", source.Fault?.Text, StringComparison.Ordinal);
    }

    private static LiveSources Sources() => new(TimeProvider.System, NullLogger<LiveSources>.Instance);

    private IPacketSource Open(CaptureOptions options) => _cable.InNear(() => Sources().Open(VethPair.Near, options));

    /// <summary>The last line that was logged.</summary>
    private sealed class LastLine : ILogger<LiveSources>
    {
        public string? Text { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Text = formatter(state, exception);
    }
}
