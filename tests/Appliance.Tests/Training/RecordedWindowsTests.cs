using Appliance.Analysis;
using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Training;

/// <summary>The shipped model over recordings that it was not trained from.</summary>
[Trait("Category", "Slow")]
public sealed class RecordedWindowsTests
{
    private static readonly Autoencoder Shipped = OnnxReader.Read(ShippedModel.Read(), ShippedModel.Name);

    [Theory]
    [InlineData("scan-arp-nmap.pcap")]
    [InlineData("scan-connect-nmap.pcap")]
    [InlineData("scan-fin-nmap.pcap")]
    [InlineData("scan-null-nmap.pcapng")]
    [InlineData("scan-ping-nmap.pcap")]
    [InlineData("scan-syn-nmap.pcap")]
    [InlineData("scan-udp-nmap.pcapng")]
    [InlineData("scan-worm-nmap.pcapng")]
    [InlineData("scan-xmas-nmap.pcap")]
    [InlineData("flood-icmp-hping3.pcap")]
    [InlineData("flood-syn-hping3.pcap")]
    [InlineData("flood-udp-hping3.pcapng")]
    public void A_recorded_scan_or_flood_stands_out(string capture) =>
        Assert.True(Scores(capture).Max() > Shipped.Threshold);

    [Fact]
    public void Few_recorded_benign_windows_stand_out()
    {
        var scores = Directory.EnumerateFiles(Checkout.Traffic, "benign-*.pcap*").SelectMany(path => Scores(Path.GetFileName(path))).ToArray();

        // 7 of 273 when it was measured (docs/model.md).
        Assert.InRange(scores.Count(score => score > Shipped.Threshold), 0, scores.Length / 25);
    }

    [Fact]
    public void Reading_a_capture_twice_gives_the_same_windows()
    {
        var (first, second) = (Windows("home.pcapng"), Windows("home.pcapng"));

        Assert.Equal(first.Select(window => (window.Device, window.Start)), second.Select(window => (window.Device, window.Start)));
        Assert.Equal(first.SelectMany(window => window.Values), second.SelectMany(window => window.Values));
    }

    private static float[] Scores(string capture)
    {
        var windows = Windows(capture);
        var scores = new float[windows.Count];
        new PlainScorer(Shipped).Score(windows.SelectMany(window => window.Values).ToArray(), windows.Count, scores, []);
        return scores;
    }

    private static IReadOnlyList<DeviceWindow> Windows(string capture)
    {
        var windows = CaptureWindows.Read(Path.Combine(Checkout.Traffic, capture), out var fault, CancellationToken.None);
        Assert.Null(fault);
        return windows;
    }
}
