using Appliance.Router.Capture;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Flows;

/// <summary>The same packets, bytes and conversations as Wireshark, on real captures and on the same in other formats.</summary>
[Trait("Category", "Slow")]
public sealed class OracleTests : IDisposable
{
    // A recording with DHCP, DNS, NTP, ARP, MQTT and HTTP in it.
    private const string Varied = "benign-boot.pcapng";
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Captures()
    {
        var files = new[] { Checkout.Traffic, Checkout.Corpus }.OfType<string>().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.pcap*"))
            .Order(StringComparer.Ordinal);
        return [.. files];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Captures))]
    public void Real_captures_are_counted_as_wireshark_counts_them(string file) => AssertSame(file);

    [Theory]
    [InlineData(CaptureBytes.Microseconds, true)]
    [InlineData(CaptureBytes.Nanoseconds, false)]
    [InlineData(CaptureBytes.Nanoseconds, true)]
    public void The_same_in_classic_forms(uint magic, bool bigEndian)
    {
        var perTick = magic == CaptureBytes.Nanoseconds ? 1 : 1000;

        AssertSame(Write([
            .. CaptureBytes.ClassicHeader(magic, bigEndian),
            .. Frames().SelectMany(frame => CaptureBytes.Record(
                frame.Bytes, (uint)(frame.Time / Wire.Second), (uint)(frame.Time % Wire.Second / perTick), bigEndian, original: (uint)frame.OriginalLength)),
        ]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_in_pcapng_of_two_sections_and_resolutions(bool bigEndian)
    {
        var frames = Frames();
        var half = frames.Count / 2;
        byte[] Part(List<ReadFrame> part, byte resolution, long perTick, bool isBig) =>
        [
            .. CaptureBytes.Section(isBig),
            .. CaptureBytes.Interface(isBig, link: 147),
            .. CaptureBytes.Interface(isBig, options: CaptureBytes.Option(9, [resolution], isBig)),
            .. part.SelectMany(frame => CaptureBytes.Enhanced(frame.Bytes, (ulong)(frame.Time / perTick), number: 1, isBig, original: (uint)frame.OriginalLength)),
        ];

        AssertSame(Write([.. Part(frames[..half], 9, 1, bigEndian), .. Part(frames[half..], 3, 1_000_000, !bigEndian)]));
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x00, 0x00, 0x07 })]
    [InlineData(new byte[] { 0x88, 0xa8, 0x00, 0x64, 0x81, 0x00, 0x00, 0x07 })]
    public void The_same_behind_vlan_tags(byte[] tags) => AssertSame(Write(1, frame => [.. frame[..12], .. tags, .. frame[12..]]));

    [Theory]
    [InlineData(113)]
    [InlineData(101)]
    [InlineData(0)]
    public void The_same_on_other_links(int link) => AssertSame(Write((uint)link, frame => link switch
    {
        113 => [0, 0, 0, 1, 0, 6, .. frame[6..12], 0, 0, .. frame[12..]],
        101 => frame[14..],
        _ => [.. BitConverter.GetBytes(frame[12] == 0x08 ? 2 : 30), .. frame[14..]],
    }));

    [Fact]
    public void A_capture_that_was_cut_has_the_packets_that_capinfos_finds()
    {
        var whole = Whole(Varied);
        var cut = Write(whole[..(whole.Length * 2 / 3)]);

        var (packets, _, fault) = Replay(cut);

        Assert.Equal(Tshark.Packets(cut), packets);
        Assert.Equal(CaptureFaultKind.TruncatedRecord, fault?.Kind);
    }

    private static void AssertSame(string file)
    {
        Assert.SkipWhen(Tshark.IsMissing, "tshark is not installed");

        var (packets, conversations, fault) = Replay(file);

        Assert.Null(fault);
        Assert.Equal(Tshark.Packets(file), packets);
        Assert.Equal(Tshark.Conversations(file).OrderBy(entry => entry.Key), conversations.OrderBy(entry => entry.Key));
    }

    private static (long Packets, Dictionary<string, (long Packets, long Bytes)> Conversations, CaptureFault? Fault) Replay(string file)
    {
        var sink = new RecordingSink();
        var path = new PacketPath(new FlowOptions(), new Silence(), sink);
        using var source = new CaptureFile(file);
        path.Run(source, CancellationToken.None);
        path.Finish();

        // One conversation may be several flows: closed and opened again, or silent for longer than the time-outs.
        var conversations = sink.Records.GroupBy(flow => CommunityId.Of(flow)).ToDictionary(
            group => group.Key,
            group => (group.Sum(flow => flow.PacketsOut + flow.PacketsIn), group.Sum(flow => flow.BytesOut + flow.BytesIn)));
        return (path.Totals.Packets, conversations, source.Fault);
    }

    private static byte[] Whole(string name)
    {
        var file = Path.Combine(Checkout.Traffic, name);
        Assert.SkipUnless(File.Exists(file) && !Tshark.IsMissing, $"{name} or tshark is not there");
        return File.ReadAllBytes(file);
    }

    // Frames with IP in them, so that they can stand on any link.
    private static List<ReadFrame> Frames()
    {
        Whole(Varied);
        using var source = new CaptureFile(Path.Combine(Checkout.Traffic, Varied));
        return [.. ReadFrame.All(source).Where(frame => frame.Bytes is [_, _, _, _, _, _, _, _, _, _, _, _, 0x08, 0x00, ..] or [_, _, _, _, _, _, _, _, _, _, _, _, 0x86, 0xdd, ..])];
    }

    private string Write(uint link, Func<byte[], byte[]> change) => Write([
        .. CaptureBytes.ClassicHeader(link: link),
        .. Frames().SelectMany(frame => CaptureBytes.Record(
            change(frame.Bytes), (uint)(frame.Time / Wire.Second), (uint)(frame.Time % Wire.Second / 1000))),
    ]);

    private string Write(byte[] capture)
    {
        var file = _folder.File("capture");
        File.WriteAllBytes(file, capture);
        return file;
    }

    private sealed class Silence : IFlowEventSink
    {
        public void Accept(in FlowEvent flowEvent)
        {
        }
    }
}
