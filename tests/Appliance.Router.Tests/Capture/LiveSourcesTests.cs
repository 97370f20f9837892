using Appliance.Router.Capture;

namespace Appliance.Router.Tests.Capture;

/// <summary>Live frames, filtered and cut short, over a real cable.</summary>
public sealed class LiveSourcesTests : IDisposable
{
    private const int OtherPort = 4001;
    private readonly VethPair _cable = new();

    public LiveSourcesTests() => Libpcap.SkipIfMissing();

    public void Dispose() => _cable.Dispose();

    [Fact]
    public async Task Only_what_the_filter_lets_through_comes_from_the_first_frame_on()
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
        using var source = Open(new CaptureOptions { Filter = $"udp dst port {Datagrams.Port}" });
        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 500)));
        await stop.CancelAsync();
        await noise;

        Assert.Equal(500, frames.Count);
        Assert.Equal(500, frames.PayloadsTo(Datagrams.Port).Count());
        Assert.Equal(0, source.DroppedCount);
    }

    [Fact]
    public async Task A_filter_sees_a_tag_that_the_kernel_took_off()
    {
        using var source = Open(new CaptureOptions { Filter = $"vlan 7 and udp dst port {Datagrams.Port}" });

        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() =>
            Datagrams.SendTagged("far0", 7) + Datagrams.SendTagged("far0", 8) + Datagrams.SendTagged("far0", 7, OtherPort) + Datagrams.Send(VethPair.NearAddress, 10)));

        Assert.Single(frames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("udp")]
    public async Task A_snapshot_length_cuts_frames_and_keeps_their_length(string filter)
    {
        using var source = _cable.InNear(() => Sources().Open(VethPair.Near, new CaptureOptions { Filter = filter }, snapLength: 60));

        var frames = await WatchedFrames.WhileAsync(source, () => _cable.InFar(() => Datagrams.Send(VethPair.NearAddress, 100)));

        var cut = frames.Where(frame => frame.OriginalLength > 60).ToList();
        Assert.InRange(cut.Count, 80, 120);
        Assert.All(cut, frame => Assert.Equal(60, frame.Bytes.Length));
    }

    [Fact]
    public void A_filter_that_cannot_be_compiled_is_a_fault_that_names_it()
    {
        using var source = Open(new CaptureOptions { Filter = "udp or" });

        Assert.Equal(ReadOutcome.End, source.Read(out _));
        Assert.StartsWith($"{VethPair.Near}: filter 'udp or': ", source.Fault?.Text, StringComparison.Ordinal);
        Assert.Contains("syntax error", source.Fault?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_the_rings_fault()
    {
        using var source = _cable.InNear(() => Sources().Open("none0", new CaptureOptions()));

        Assert.StartsWith("none0: there is no such interface", source.Fault?.Text, StringComparison.Ordinal);
        Assert.Equal(CaptureFaultKind.InterfaceFailed, source.Fault?.Kind);
    }

    private static LiveSources Sources() => new(TimeProvider.System);

    private IPacketSource Open(CaptureOptions options) => _cable.InNear(() => Sources().Open(VethPair.Near, options));
}
