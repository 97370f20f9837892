using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Tests.Shared;
using CsCheck;

namespace Appliance.Router.Tests.Decoding;

/// <summary>A million damaged inputs over all parsers: no exception, no nonsense, none that takes long.</summary>
[Trait("Category", "Slow")]
public sealed class MutationTests
{
    private const int FrameCount = 900_000;
    private const int DialogCount = 100_000;
    private const int FileCount = 20_000;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Damaged_frames_go_down_the_whole_path()
    {
        var seeds = Seeds.Frames();
        var path = new PacketPath(new FlowOptions { Capacity = 4096, TrackedLogins = 64 }, new RecordingNothing(), new RecordingNothing(), new RecordingNothing());
        var time = 0L;

        Mutation.For(seeds.Count).Sample(
            mutation =>
            {
                var seed = seeds[mutation.Seed];
                var bytes = mutation.Apply(seed.Bytes);
                time += 100_000;
                AssertSound(bytes, seed, time);
                AssertQuick(() => path.Process(new Frame(bytes, Math.Max(seed.OriginalLength, bytes.Length), time, seed.Link)));
            },
            iter: FrameCount,
            threads: 1);

        Assert.True(path.Totals.Packets >= FrameCount);
        Assert.InRange(path.Totals.UndecodedPackets, 1, path.Totals.Packets - 1);
    }

    [Fact]
    public void Damaged_log_ins_are_followed_without_harm()
    {
        byte[] newKeys = [0, 0, 0, 12, 10, 21, .. new byte[10]];
        (ApplicationKind Application, byte[] Segment)[] seeds =
        [
            (ApplicationKind.Ftp, "USER root\r\nPASS xc3511\r\n"u8.ToArray()), (ApplicationKind.Ftp, "PASS x\r\n"u8.ToArray()), (ApplicationKind.Ftp, "530 no\r\n"u8.ToArray()),
            (ApplicationKind.Http, "GET / HTTP/1.1\r\nAuthorization: Digest x\r\n\r\n"u8.ToArray()), (ApplicationKind.Http, "GET / HTTP/1.1\r\nAuthorization: Basic cm9vdDp4YzM1MTE=\r\n\r\n"u8.ToArray()), (ApplicationKind.Http, "HTTP/1.1 401 no\r\n"u8.ToArray()),
            (ApplicationKind.Telnet, [0xff, 0xfa, 0x18, 0xff, 0xf0, .. "Password: "u8]), (ApplicationKind.Telnet, [0xff, 0xfd, 1, .. "root\r\nxc3511\r\0"u8]), (ApplicationKind.Telnet, "\r\nLogin incorrect\r\n"u8.ToArray()),
            (ApplicationKind.Mqtt, Convert.FromHexString("101000044d51545404c2003c000461626364")), (ApplicationKind.Mqtt, Convert.FromHexString("102200044d51545405c6003c00000163000001740001780004726f6f740006786333353131")), (ApplicationKind.Mqtt, [0x20, 2, 0, 5]),
            (ApplicationKind.Ssh, "SSH-2.0-OpenSSH_9\r\n"u8.ToArray()), (ApplicationKind.Ssh, [.. newKeys, .. new byte[60]]), (ApplicationKind.Ssh, new byte[52]),
        ];
        var tracks = Enum.GetValues<ApplicationKind>().ToDictionary(kind => kind, kind => new LoginDialog(kind));

        Gen.Select(Mutation.For(seeds.Length), Gen.Bool).Sample(
            (mutation, isClient) =>
            {
                var (application, segment) = seeds[mutation.Seed];
                var bytes = mutation.Apply(segment);
                AssertQuick(() => _ = isClient ? tracks[application].Client(bytes) : tracks[application].Server(bytes));
            },
            iter: DialogCount,
            threads: 1);

        Assert.Contains(tracks.Values, dialog => dialog.Outcomes.Count > 0);
    }

    [Fact]
    public void Damaged_files_end_with_a_fault_or_properly()
    {
        using var folder = new TempFolder();
        var frame = Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(1, 2, [1, 2, 3]));
        byte[][] seeds =
        [
            CaptureBytes.Classic(frame, frame),
            [.. CaptureBytes.ClassicHeader(CaptureBytes.Nanoseconds, bigEndian: true), .. CaptureBytes.Record(frame, bigEndian: true)],
            [.. CaptureBytes.Section(), .. CaptureBytes.Interface(options: CaptureBytes.Option(9, [9])), .. CaptureBytes.Enhanced(frame), .. CaptureBytes.Simple(frame, 60), .. CaptureBytes.Obsolete(frame)],
            [.. CaptureBytes.Section(bigEndian: true), .. CaptureBytes.Interface(bigEndian: true, options: CaptureBytes.Option(14, new byte[8], bigEndian: true)), .. CaptureBytes.Enhanced(frame, bigEndian: true)],
        ];
        var faults = new HashSet<CaptureFaultKind?>();

        Mutation.For(seeds.Length).Sample(
            mutation =>
            {
                var file = folder.File("capture");
                File.WriteAllBytes(file, mutation.Apply(seeds[mutation.Seed]));
                using var source = new CaptureFile(file);
                Assert.All(ReadFrame.All(source), read => Assert.True(read.OriginalLength >= read.Bytes.Length && read.Time >= 0));
                faults.Add(source.Fault?.Kind);
            },
            iter: FileCount,
            threads: 1);

        Assert.Superset(
            new HashSet<CaptureFaultKind?> { null, CaptureFaultKind.NotCapture, CaptureFaultKind.TruncatedRecord, CaptureFaultKind.AbsurdLength, CaptureFaultKind.MalformedBlock },
            faults);
    }

    // What is told of a packet must lie within the packet.
    private static void AssertSound(byte[] bytes, ReadFrame seed, long time)
    {
        var frame = new Frame(bytes, Math.Max(seed.OriginalLength, bytes.Length), time, seed.Link);
        if (PacketDecoder.TryDecode(frame, out var packet) && packet.IsIP)
        {
            Assert.InRange(packet.IPBytes, 20, frame.OriginalLength);

            // A fragment comes with the headers of its transport, which the fragment table takes off.
            Assert.InRange(packet.Payload.Length - packet.HeaderBytes, 0, Math.Min(packet.PayloadBytes, bytes.Length));
        }
    }

    // A slow one is tried again, since the machine may have been busy with something else.
    private static void AssertQuick(Action parse)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            var stamp = TimeProvider.System.GetTimestamp();
            parse();
            if (TimeProvider.System.GetElapsedTime(stamp) < Slow)
            {
                return;
            }
        }

        Assert.Fail($"Five times an input took longer than {Slow}.");
    }

    private sealed class RecordingNothing : IFlowEventSink, IFlowRecordSink, IFactSink
    {
        public void Accept(in FlowEvent flowEvent)
        {
        }

        public void Accept(in Flow flow)
        {
        }

        public void Accept(Fact fact, long time)
        {
        }
    }
}
