using System.Diagnostics;
using System.Runtime.Versioning;
using Appliance.Router.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Capture;

[SupportedOSPlatform("linux")]
public sealed class CaptureWriterTests : IDisposable
{
    private const long Time = 1_790_000_000_123_456_789;
    private static readonly byte[] Datagram = Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(40_000, 9, [1, 2, 3]));

    private readonly TempFolder _folder = new();

    public static TheoryData<CaptureFormat> Formats => [.. Enum.GetValues<CaptureFormat>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_written_is_read_back_to_the_nanosecond(CaptureFormat format)
    {
        var path = Write(format, snapLength: 262_144, (Datagram, Datagram.Length, 0), (Datagram[..^1], Datagram.Length, 0), (Datagram[..20], 1514, 0));

        Assert.Equal(
            [(Hex(Datagram), 45L, Time), (Hex(Datagram[..^1]), 45L, Time + 1), (Hex(Datagram[..20]), 1514L, Time + 2)],
            Read(path).Select(frame => (Hex(frame.Bytes), frame.OriginalLength, frame.Time)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Frames_are_cut_to_the_snapshot_length(CaptureFormat format)
    {
        var frame = Assert.Single(Read(Write(format, snapLength: 30, (Datagram, Datagram.Length, 0))));

        Assert.Equal((Hex(Datagram[..30]), (long)Datagram.Length), (Hex(frame.Bytes), frame.OriginalLength));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_tag_that_the_card_took_off_is_put_back(CaptureFormat format)
    {
        var frame = Assert.Single(Read(Write(format, snapLength: 262_144, (Datagram, Datagram.Length, 7))));

        Assert.Equal(Hex([.. Datagram[..12], 0x81, 0, 0, 7, .. Datagram[12..]]), Hex(frame.Bytes));
        Assert.Equal(Datagram.Length + 4, frame.OriginalLength);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_without_frames_is_a_capture(CaptureFormat format)
    {
        var path = Write(format, snapLength: 262_144);
        using var source = new CaptureFile(path);

        Assert.Equal(ReadOutcome.End, source.Read(out _));
        Assert.Null(source.Fault);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Length_is_that_of_the_file_and_no_frame_adds_more_than_was_said(CaptureFormat format)
    {
        var path = _folder.File("some");
        using var writer = new CaptureWriter(path, format, "abcdefghijklmno", 262_144);
        var random = new Random(5);

        for (var i = 0; i < 3000; i++)
        {
            var before = writer.Length;
            var frame = new Frame(new byte[random.Next(1500)], 2000, Time + i, LinkType.Ethernet) { StrippedVlanId = (ushort)(i % 3) };
            Assert.True(writer.TryAppend(frame));
            Assert.InRange(writer.Length - before, 1, writer.MostFor(frame));
        }

        writer.Complete();
        Assert.Equal((new FileInfo(path).Length, 3000, 3000 * 2000), (writer.Length, writer.PacketsCount, writer.WireBytes));
        Assert.Equal(3000, Read(path).Count);
    }

    [Fact]
    public void Each_kind_of_link_is_an_interface_of_a_pcapng_file()
    {
        var path = _folder.File("mixed.pcapng");
        using (var writer = new CaptureWriter(path, CaptureFormat.Pcapng, "any", 262_144))
        {
            Assert.True(writer.TryAppend(new Frame(Datagram, Datagram.Length, Time, LinkType.Ethernet)));
            Assert.True(writer.TryAppend(new Frame(Datagram.AsSpan(14), Datagram.Length - 14, Time, LinkType.Raw)));
            Assert.True(writer.TryAppend(new Frame(Datagram, Datagram.Length, Time, LinkType.Ethernet)));
            writer.Complete();
        }

        Assert.Equal([LinkType.Ethernet, LinkType.Raw, LinkType.Ethernet], Read(path).Select(frame => frame.Link));
    }

    [Fact]
    public void A_classic_file_takes_one_kind_of_link()
    {
        using var writer = new CaptureWriter(_folder.File("one.pcap"), CaptureFormat.Pcap, "any", 262_144);

        Assert.True(writer.TryAppend(new Frame(Datagram, Datagram.Length, Time, LinkType.Ethernet)));
        Assert.False(writer.TryAppend(new Frame(Datagram, Datagram.Length, Time, LinkType.Raw)));
        writer.Complete();
        Assert.Equal(1, writer.PacketsCount);
    }

    [Fact]
    public void Only_the_owner_can_read_it()
    {
        var path = Write(CaptureFormat.Pcap, snapLength: 262_144, (Datagram, Datagram.Length, 0));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_that_is_there_is_not_written_over()
    {
        var path = _folder.File("there");
        File.WriteAllText(path, "mine");

        Assert.Throws<IOException>(() => new CaptureWriter(path, CaptureFormat.Pcap, "eth0", 262_144));
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Wireshark_reads_the_same(CaptureFormat format)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tshark"), "needs tshark");
        var path = Write(format, snapLength: 262_144, (Datagram, Datagram.Length, 0), (Datagram, 1514, 7));

        using var tshark = Process.Start(new ProcessStartInfo("/usr/bin/tshark", ["-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len", "-e", "vlan.id", "-e", "udp.dstport"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var lines = tshark.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');

        Assert.Equal(["1790000000.123456789\t45\t45\t\t9", "1790000000.123456790\t1518\t49\t7\t9"], lines);
    }

    private string Write(CaptureFormat format, int snapLength, params (byte[] Bytes, int Length, ushort Vlan)[] frames)
    {
        var path = _folder.File("written");
        using var writer = new CaptureWriter(path, format, "eth0", snapLength);
        foreach (var ((bytes, length, vlan), i) in frames.Select((frame, i) => (frame, i)))
        {
            Assert.True(writer.TryAppend(new Frame(bytes, length, Time + i, LinkType.Ethernet) { StrippedVlanId = vlan }));
        }

        writer.Complete();
        return path;
    }

    private static List<ReadFrame> Read(string path)
    {
        using var source = new CaptureFile(path);
        var frames = ReadFrame.All(source);
        Assert.Null(source.Fault);
        return frames;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
